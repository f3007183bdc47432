//! The token of a request.

use axum::extract::Query;
use axum::http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use axum::http::{HeaderMap, Uri};
use secrecy::SecretString;

/// What follows `Bearer` in the Authorization header; `None` when there is no such header or it says something
/// else.
pub(super) fn token(headers: &HeaderMap) -> Option<SecretString> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.into())
}

/// What follows `bearer.` in one of the protocols that a WebSocket offers.
pub(super) fn token_in_protocols(headers: &HeaderMap) -> Option<SecretString> {
    let values = headers.get_all(SEC_WEBSOCKET_PROTOCOL).into_iter().filter_map(|value| value.to_str().ok());
    let token =
        values.flat_map(|value| value.split(',')).find_map(|one| one.trim().strip_prefix("bearer."))?;
    (!token.is_empty()).then(|| token.into())
}

/// The value of `token` in the part of the address after ?.
pub(super) fn token_in_address(uri: &Uri) -> Option<SecretString> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let (_, token) = pairs.into_iter().find(|(name, _)| name == "token")?;
    (!token.is_empty()).then(|| token.into())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn of(header: &str) -> Option<String> {
        let headers = [(AUTHORIZATION, header.parse().unwrap())].into_iter().collect();
        token(&headers).map(|token| token.expose_secret().to_owned())
    }

    #[test]
    fn a_page_names_its_token_among_the_protocols() {
        let of = |value: &str| {
            let headers = [(SEC_WEBSOCKET_PROTOCOL, value.parse().unwrap())].into_iter().collect();
            token_in_protocols(&headers).map(|token| token.expose_secret().to_owned())
        };
        assert_eq!(of("tikmeter, bearer.tkm_a").as_deref(), Some("tkm_a"));
        assert_eq!(of("bearer.tkm_a,tikmeter").as_deref(), Some("tkm_a"));
        assert_eq!(of("tikmeter, tkm_a"), None);
        assert_eq!(of("bearer."), None);
    }

    #[test]
    fn only_bearer_tokens_are_taken() {
        assert_eq!(of("Bearer tkm_a").as_deref(), Some("tkm_a"));
        assert_eq!(of("bearer  tkm_a ").as_deref(), Some("tkm_a"));
        assert_eq!(of("Basic dG86bWU="), None);
        assert_eq!(of("Bearer "), None);
        assert_eq!(of("tkm_a"), None);
        assert!(token(&HeaderMap::new()).is_none());
    }
}
