//! `/bot<token>/<Method>`: from a request through faults and the method to an answer and a line in the log.

use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::connection::Cut;
use super::{Context, decode};
use crate::telegram::calls::{Call, Outcome};
use crate::telegram::faults::Fault;
use crate::telegram::methods;
use crate::telegram::params::Params;
use crate::telegram::refusal::{Answer, Refusal};
use crate::telegram::shared::Shared;

const GATEWAY_PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                            <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

pub(super) async fn serve(
    State(context): State<Context>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let served = async {
        match authorised(&context.shared, &bot, &method) {
            Ok(method) => respond(&context.shared, &cut, method, request).await,
            Err(refusal) => refusal.into_response(),
        }
    };
    tokio::select! {
        response = served => response,
        () = context.stopping.cancelled() => cut_off(&cut),
    }
}

/// The documented name of the method, if the token is ours.
fn authorised(shared: &Shared, bot: &str, method: &str) -> Result<&'static str, Refusal> {
    check_token(shared, bot)?;
    if method.eq_ignore_ascii_case(methods::GET_UPDATES) {
        return Ok(methods::GET_UPDATES);
    }
    let known = methods::find(method).map(|(name, _)| name);
    known.ok_or_else(|| Refusal::new(404, "Not Found: method not found"))
}

pub(super) fn check_token(shared: &Shared, bot: &str) -> Result<(), Refusal> {
    let token = bot.strip_prefix("bot").ok_or_else(|| Refusal::new(404, "Not Found"))?;
    if shared.look(|state| state.bot.token != token) { Err(Refusal::unauthorized()) } else { Ok(()) }
}

async fn respond(shared: &Shared, cut: &Cut, method: &'static str, request: Request) -> Response {
    let params = match decode::params(request).await {
        Ok(params) => params,
        Err(refusal) => return refusal.into_response(),
    };
    let fault = shared.look(|state| state.faults.take(method, &params));
    let (outcome, response) = match fault {
        None => answered(call(shared, method, &params).await),
        Some(Fault::Refuse(refusal)) => answered(Err(refusal)),
        Some(Fault::BadGateway) => gateway_error(),
        Some(Fault::Hang(time)) => {
            tokio::time::sleep(time).await;
            (Outcome::Broken, cut_off(cut))
        }
        Some(Fault::Disconnect) => (Outcome::Broken, cut_off(cut)),
        Some(Fault::LoseAnswer) => {
            let (outcome, _) = answered(call(shared, method, &params).await);
            let outcome = if outcome == Outcome::Done { Outcome::Lost } else { outcome };
            (outcome, cut_off(cut))
        }
    };
    log(shared, method, params, outcome);
    response
}

async fn call(shared: &Shared, name: &'static str, params: &Params) -> Answer {
    match methods::find(name) {
        Some((_, method)) => shared.change(|state| method.call(state, params)),
        None => methods::polling::get_updates(shared, params).await,
    }
}

fn log(shared: &Shared, method: &str, params: Params, outcome: Outcome) {
    let method = method.to_owned();
    shared.change(|state| {
        state.calls.add(Call { method, params: params.values, outcome, at: state.now });
    });
}

fn answered(answer: Answer) -> (Outcome, Response) {
    match answer {
        Ok(result) => (Outcome::Done, axum::Json(json!({ "ok": true, "result": result })).into_response()),
        Err(refusal) => {
            let outcome = Outcome::Refused { code: refusal.code, description: refusal.description.clone() };
            (outcome, refusal.into_response())
        }
    }
}

fn gateway_error() -> (Outcome, Response) {
    let page = ([(header::CONTENT_TYPE, "text/html")], GATEWAY_PAGE);
    let outcome = Outcome::Refused { code: 502, description: "Bad Gateway".to_owned() };
    (outcome, (StatusCode::BAD_GATEWAY, page).into_response())
}

/// The response is never written: the connection breaks first.
fn cut_off(cut: &Cut) -> Response {
    cut.cut();
    StatusCode::NO_CONTENT.into_response()
}
