//! Values in the query.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Values in the query.
pub(crate) struct Query<T>(pub(crate) T);

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if !parts.uri.query().is_none_or(is_utf8) {
            return Err(refused(
                "what its percent signs stand for is not UTF-8 (a login's bytes are written as hex:...)",
            ));
        }
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Query(value)),
            Err(rejection) => Err(refused(&rejection.body_text())),
        }
    }
}

fn refused(told: &str) -> Problem {
    let cause = told.split_once(": ").map_or(told, |(_, cause)| cause);
    Problem::bad_request(format!("The part of the address after ? cannot be taken: {cause}."))
}

/// The decoder behind [`axum::extract::Query`] replaces other bytes silently, and would ask for another name.
fn is_utf8(query: &str) -> bool {
    let mut pieces = query.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        match piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(&piece.as_bytes()[2..]);
            }
            None => bytes.extend_from_slice(piece.as_bytes()),
        }
    }
    std::str::from_utf8(&bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_utf8;

    #[test]
    fn only_utf8_passes_and_a_lone_percent_sign_is_itself() {
        for (query, passes) in [
            ("a=%C3%B1&b=1", true),
            ("a=100%", true),
            ("a=%zz", true),
            ("a=%ff", false),
            ("a=%C3&b=%B1", false),
        ] {
            assert_eq!(is_utf8(query), passes, "{query}");
        }
    }
}
