//! AWS4-HMAC-SHA256: what the client signed, computed anew from what arrived.

use std::fmt::Write as _;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use super::refusal::Refusal;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// How far the client's clock may be off.
const SKEW: TimeDelta = TimeDelta::minutes(15);

/// The only one that opens the bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub id: String,
    pub secret: String,
    pub region: String,
}

/// The parts of the header `Authorization`.
struct Claim<'a> {
    id: &'a str,
    /// Date, region, service and `aws4_request`.
    scope: &'a str,
    signed: &'a str,
    signature: &'a str,
}

/// Whether the request comes from who holds the key, whole and in time.
pub(super) fn check(key: &Key, request: &Parts, body: &[u8], now: DateTime<Utc>) -> Result<(), Refusal> {
    let given = header(&request.headers, "authorization");
    let given = given.ok_or_else(|| Refusal::forbidden("AccessDenied", "Access Denied"))?;
    let claim = claim(given).ok_or_else(malformed)?;
    if claim.id != key.id {
        let message = "The AWS Access Key Id you provided does not exist in our records.";
        return Err(Refusal::forbidden("InvalidAccessKeyId", message));
    }
    let at = header(&request.headers, "x-amz-date").ok_or_else(malformed)?;
    let signed_at = NaiveDateTime::parse_from_str(at, "%Y%m%dT%H%M%SZ").map_err(|_| malformed())?.and_utc();
    if (now - signed_at).abs() > SKEW {
        let message = "The difference between the request time and the server's time is too large.";
        return Err(Refusal::forbidden("RequestTimeTooSkewed", message));
    }
    if claim.scope != format!("{}/{}/s3/aws4_request", signed_at.format("%Y%m%d"), key.region) {
        return Err(malformed());
    }
    let digest = header(&request.headers, "x-amz-content-sha256").unwrap_or_default();
    if digest != hex(&Sha256::digest(body)) {
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        return Err(Refusal::bad_request("XAmzContentSHA256Mismatch", message));
    }
    if !signs_enough(&request.headers, claim.signed) {
        let message = "There were headers present in the request which were not signed";
        return Err(Refusal::forbidden("AccessDenied", message));
    }
    let canonical = hex(&Sha256::digest(canonical(request, claim.signed, digest)));
    let text = format!("{ALGORITHM}\n{at}\n{}\n{canonical}", claim.scope);
    if claim.signature != sign(&key.secret, claim.scope, &text) {
        let message = "The request signature we calculated does not match the signature you provided.";
        return Err(Refusal::forbidden("SignatureDoesNotMatch", message));
    }
    Ok(())
}

fn malformed() -> Refusal {
    Refusal::bad_request("AuthorizationHeaderMalformed", "The authorization header is malformed")
}

fn claim(header: &str) -> Option<Claim<'_>> {
    let mut parts = header.strip_prefix(ALGORITHM)?.trim_start().split(',').map(str::trim);
    let (id, scope) = parts.next()?.strip_prefix("Credential=")?.split_once('/')?;
    let signed = parts.next()?.strip_prefix("SignedHeaders=")?;
    let signature = parts.next()?.strip_prefix("Signature=")?;
    parts.next().is_none().then_some(Claim { id, scope, signed, signature })
}

/// The host, and whatever is Amazon's.
fn signs_enough(headers: &HeaderMap, signed: &str) -> bool {
    let is_signed = |name: &str| signed.split(';').any(|one| one == name);
    let mut own = headers.keys().map(HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
    is_signed("host") && own.all(is_signed)
}

fn canonical(request: &Parts, signed: &str, digest: &str) -> String {
    let mut query: Vec<_> = request.uri.query().unwrap_or_default().split('&').map(str::to_owned).collect();
    query.iter_mut().filter(|pair| !pair.is_empty() && !pair.contains('=')).for_each(|pair| pair.push('='));
    query.sort_unstable();
    let mut text = format!("{}\n{}\n{}\n", request.method, request.uri.path(), query.join("&"));
    for name in signed.split(';') {
        let value = header(&request.headers, name).unwrap_or_default();
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(text, "{name}:{value}");
    }
    text + &format!("\n{signed}\n{digest}")
}

fn sign(secret: &str, scope: &str, text: &str) -> String {
    let first = format!("AWS4{secret}").into_bytes();
    let key = scope.split('/').fold(first, |key, part| mac(&key, part));
    hex(&mac(&key, text))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key will do");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    /// The example of Amazon's documentation.
    fn example(authorization: &str) -> Parts {
        let request = Request::get("/test.txt")
            .header("host", "examplebucket.s3.amazonaws.com")
            .header("range", "bytes=0-9")
            .header("x-amz-content-sha256", hex(&Sha256::digest(b"")))
            .header("x-amz-date", "20130524T000000Z")
            .header("authorization", authorization);
        request.body(()).unwrap().into_parts().0
    }

    fn code(key: &Key, authorization: &str, later: TimeDelta) -> Option<&'static str> {
        let now = NaiveDateTime::parse_from_str("20130524T000000", "%Y%m%dT%H%M%S").unwrap().and_utc();
        check(key, &example(authorization), b"", now + later).err().map(|refusal| refusal.code)
    }

    #[test]
    fn the_documented_example_is_understood_and_everything_else_refused() {
        let key = Key {
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            region: "us-east-1".into(),
        };
        let good = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
                    SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,\
                    Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
        let now = TimeDelta::zero();
        assert_eq!(code(&key, good, now), None);
        assert_eq!(code(&key, good, TimeDelta::minutes(16)), Some("RequestTimeTooSkewed"));
        let other = Key { secret: "other".into(), ..key.clone() };
        assert_eq!(code(&other, good, now), Some("SignatureDoesNotMatch"));
        let other = Key { id: "OTHER".into(), ..key.clone() };
        assert_eq!(code(&other, good, now), Some("InvalidAccessKeyId"));
        let other = Key { region: "ru-central1".into(), ..key.clone() };
        assert_eq!(code(&other, good, now), Some("AuthorizationHeaderMalformed"));
        assert_eq!(code(&key, &good.replace(";x-amz-date", ""), now), Some("AccessDenied"));
        assert_eq!(code(&key, "Basic x", now), Some("AuthorizationHeaderMalformed"));
    }
}
