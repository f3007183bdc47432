//! Bodies that are files.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use crate::problem::Problem;

/// Largest file taken, bytes.
const FILE_BYTES: usize = 32 * 1024 * 1024;

/// A CSV file, whole.
pub(crate) struct CsvFile(pub(crate) Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for CsvFile {
    type Rejection = Problem;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Problem> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if media_type.and_then(|value| value.split(';').next()).map(str::trim) != Some("text/csv") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Nothing was imported: send the file with the header Content-Type: text/csv.",
            ));
        }
        DefaultBodyLimit::max(FILE_BYTES).apply(&mut request);
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(CsvFile(bytes.into())),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(too_large()),
            Err(_) => Err(Problem::bad_request(
                "Nothing was imported: the file did not arrive whole. Send it again.",
            )),
        }
    }
}

fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "Nothing was imported: the file is larger than 32 MiB. Split it and import the parts.",
    )
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::response::IntoResponse;

    use super::*;

    async fn taken(media_type: &str, body: Body) -> Result<usize, u16> {
        let request = Request::builder().header("content-type", media_type).body(body).unwrap();
        let file = CsvFile::from_request(request, &()).await;
        file.map(|file| file.0.len()).map_err(|problem| problem.into_response().status().as_u16())
    }

    #[tokio::test]
    async fn a_file_is_taken_up_to_its_limit() {
        assert_eq!(taken("text/csv; charset=utf-8", Body::from("username\n")).await, Ok(9));
        assert_eq!(taken("application/json", Body::from("{}")).await, Err(415));
        assert_eq!(taken("text/csv", Body::from(vec![b'a'; FILE_BYTES])).await, Ok(FILE_BYTES));
        assert_eq!(taken("text/csv", Body::from(vec![b'a'; FILE_BYTES + 1])).await, Err(413));
        let part = || Ok::<_, std::io::Error>(vec![b'a'; 1 << 20]);
        let endless = futures_util::stream::repeat_with(part);
        assert_eq!(taken("text/csv", Body::from_stream(endless)).await, Err(413));
    }
}
