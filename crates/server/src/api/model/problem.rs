//! The body of every error.

use serde::Serialize;
use utoipa::ToSchema;

/// RFC 9457 problem details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemBody {
    /// Always `about:blank`: the status says what kind it is.
    #[serde(rename = "type")]
    #[schema(examples("about:blank"))]
    pub kind: &'static str,
    /// The status in words.
    #[schema(examples("Not Found"))]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(examples(404))]
    pub status: u16,
    /// What happened, what is still safe, and what to do next.
    pub detail: String,
    /// With 422: the field of the body that names something that is not there; absent when it is not that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("plan"))]
    pub field: Option<&'static str>,
}
