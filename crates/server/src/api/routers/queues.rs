//! GET /api/v1/routers/{name}/queues

use axum::Json;
use operations::RouterQueue;
use utoipa::IntoResponses;

use crate::api::model::list::List;
use crate::api::model::name::Name;
use crate::api::model::queue::Queue;
use crate::auth::Within;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No router has this name."),
            (409, "The router is not polled."),
            (424, "The router cannot be reached, refuses, or did not answer."),
        ])
    }
}

/// The simple queues of a router, all on one page, in the order in which packets meet them. The router is asked now, with one login.
#[utoipa::path(
    get,
    path = "/api/v1/routers/{name}/queues",
    tag = "limits",
    operation_id = "list_router_queues",
    params(("name" = String, Path, description = "The router's name")),
    responses((status = 200, description = "All of them, whosever they are", body = List<Queue>), Errors)
)]
pub(in crate::api) async fn queues(
    Within(state): Within,
    Path(name): Path<String>,
) -> Result<Json<List<Queue>>, Problem> {
    let queues = state.operations.router_queues(&name).await?;
    Ok(Json(List::whole(queues.into_iter().map(queue).collect())))
}

fn queue(queue: RouterQueue) -> Queue {
    Queue {
        name: Name(queue.name.into()),
        target: Name(queue.target.into()),
        is_understood: queue.rate.is_some(),
        up_bps: queue.rate.and_then(|rate| rate.up_bps),
        down_bps: queue.rate.and_then(|rate| rate.down_bps),
        upload_octets: queue.octets.map(|octets| octets.input),
        download_octets: queue.octets.map(|octets| octets.output),
        is_ours: queue.is_ours,
        is_dynamic: queue.is_dynamic,
        is_off: queue.is_off,
        comment: Name(queue.comment.into()),
    }
}
