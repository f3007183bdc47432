//! JSON bodies.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use super::object::Object;
use crate::problem::Problem;

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

impl<S, T> FromRequest<S> for Json<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::<Object<T>>::from_request(request, state).await {
            Ok(axum::Json(Object(value))) => Ok(Json(value)),
            Err(rejection) => Err(problem(&rejection)),
        }
    }
}

fn problem(rejection: &JsonRejection) -> Problem {
    let told = rejection.body_text();
    match rejection {
        JsonRejection::JsonDataError(_) => Problem::invalid(format!(
            "Nothing was changed: {}. Correct that value and send it again.",
            without_value(cause(&told))
        )),
        JsonRejection::JsonSyntaxError(_) => {
            Problem::bad_request(format!("Nothing was changed: the body is not JSON ({}).", cause(&told)))
        }
        JsonRejection::MissingJsonContentType(_) => Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Nothing was changed: send the body with the header Content-Type: application/json.",
        ),
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Nothing was changed: the body is larger than 64 KiB, and no request of this API needs that much.",
        ),
        _ => Problem::bad_request("Nothing was changed: the body did not arrive whole. Send it again."),
    }
}

/// The part of axum's sentence that names the place and the reason.
fn cause(told: &str) -> &str {
    told.split_once(": ").map_or(told, |(_, cause)| cause)
}

/// What is of the wrong kind may be a secret all the same: a password of digits, or one in another field. Its place and its kind are
/// enough to find it.
fn without_value(cause: &str) -> String {
    let kind =
        ["invalid type: ", "invalid value: "].iter().find_map(|what| Some(cause.find(what)? + what.len()));
    let (Some(kind), Some(expected)) = (kind, cause.rfind(", expected")) else { return cause.to_owned() };
    let value = cause.get(kind..expected).and_then(|told| told.find(['"', '`'])).map(|at| kind + at);
    match value {
        Some(value) => format!("{}{}", cause[..value].trim_end(), &cause[expected..]),
        None => cause.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::response::IntoResponse;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Port {
        #[expect(dead_code, reason = "only whether it can be read matters here")]
        port: u16,
    }

    async fn refusal(content_type: &str, body: &'static str) -> (StatusCode, String) {
        let request = Request::builder().header("content-type", content_type).body(Body::from(body)).unwrap();
        let Err(problem) = Json::<Port>::from_request(request, &()).await else { panic!("{body} was taken") };
        let response = problem.into_response();
        let status = response.status();
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let bytes = axum::body::to_bytes(response.into_body(), 9_999).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_value_of_the_wrong_kind_is_not_told_back() {
        for (body, told) in [
            (r#"{"port":"pa55, expected \" 1"}"#, "port: invalid type: string, expected u16"),
            (r#"{"port":-5599}"#, "port: invalid value: integer, expected u16"),
            (r#"{"port":55.99}"#, "port: invalid type: floating point, expected u16"),
            (r#"{"port":["pa55"]}"#, "port: invalid type: sequence, expected u16"),
            (r#""pa55""#, "invalid type: string, expected an object"),
        ] {
            let (status, text) = refusal("application/json", body).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(text.contains(told) && !text.contains("55"), "{body}: {text}");
        }
    }

    #[tokio::test]
    async fn each_refusal_has_its_status_and_names_the_place() {
        let (status, text) = refusal("application/json", r#"{"port":70000}"#).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("port: invalid value"), "{text}");
        assert_eq!(refusal("application/json", "[1]").await.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refusal("application/json", "{").await.0, StatusCode::BAD_REQUEST);
        assert_eq!(refusal("text/plain", r#"{"port":1}"#).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}
