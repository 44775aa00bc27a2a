//! How a bucket is reached: by the client that everything else here uses. The storage library's own brings another
//! version of it along, and a second implementation of TLS.

use std::time::Duration;

use anyhow::Context as _;
use axum::http::Response;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http_body_util::BodyExt as _;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody,
    HttpService,
};
use reqwest::{Body, Client, Request, Url};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);

#[derive(Debug, Clone)]
pub struct Connector(Client);

impl Connector {
    /// # Errors
    ///
    /// If the client cannot be made.
    pub fn new() -> anyhow::Result<Self> {
        let builder = Client::builder().connect_timeout(CONNECT_LIMIT).timeout(super::STORE_LIMIT);
        Ok(Self(builder.build().context("making a client for the bucket")?))
    }
}

impl HttpConnector for Connector {
    /// The library's options are for its own client.
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

impl HttpService for Connector {
    fn call<'a, 'b>(&'a self, request: HttpRequest) -> BoxFuture<'b, Result<HttpResponse, HttpError>>
    where
        'a: 'b,
        Self: 'b,
    {
        exchange(&self.0, request).boxed()
    }
}

async fn exchange(client: &Client, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let (head, body) = request.into_parts();
    let url = Url::parse(&head.uri.to_string());
    let url = url.map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?;
    let mut outgoing = Request::new(head.method, url);
    *outgoing.headers_mut() = head.headers;
    *outgoing.body_mut() = Some(body.collect().await?.to_bytes().into());
    let answer: Response<Body> = client.execute(outgoing).await.map_err(failure)?.into();
    let (head, body) = answer.into_parts();
    Ok(HttpResponse::from_parts(head, HttpResponseBody::new(body.map_err(failure))))
}

/// Whether the library tries again, goes by the kind.
fn failure(error: reqwest::Error) -> HttpError {
    let kind = if error.is_connect() {
        HttpErrorKind::Connect
    } else if error.is_timeout() {
        HttpErrorKind::Timeout
    } else {
        HttpErrorKind::Request
    };
    HttpError::new(kind, error.without_url())
}
