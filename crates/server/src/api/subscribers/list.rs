//! GET /api/v1/subscribers

use axum::Json;
use serde::Deserialize;
use store::{SubscriberOrder, SubscriberSearch, SubscriberStatus};
use utoipa::{IntoParams, IntoResponses};
use uuid::Uuid;

use super::shape::subscriber;
use crate::api::model::list::List;
use crate::api::model::subscriber::{Subscriber, SubscriberOrder as Order, SubscriberState};
use crate::api::{paging, searching};
use crate::auth::{Caller, Within};
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Which subscribers, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// At most four words, each of which stands in the username, the name, the plan or a login that is theirs now; the case of A to Z
    /// does not matter. Viewers find nobody by the code of a voucher.
    q: Option<String>,
    /// Only those of that status.
    #[param(inline)]
    status: Option<SubscriberState>,
    /// In this order.
    #[param(inline)]
    #[serde(default)]
    order: Order,
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// Subscribers with their open cycles.
#[utoipa::path(
    get,
    path = "/api/v1/subscribers",
    tag = "subscribers",
    operation_id = "list_subscribers",
    params(Asked),
    responses((status = 200, description = "A page of subscribers", body = List<Subscriber>), Errors)
)]
pub(in crate::api) async fn list(
    Within(state): Within,
    Caller(reader): Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Subscriber>>, Problem> {
    let size = paging::size(asked.limit)?;
    let after = asked.cursor.as_deref().map(|cursor| Uuid::parse_str(cursor).map_err(|_| paging::unknown()));
    let search = SubscriberSearch {
        words: searching::words(asked.q.as_deref(), &reader)?,
        status: asked.status.map(status),
        order: order(asked.order),
        after: after.transpose()?,
        limit: paging::one_more(size),
        ..SubscriberSearch::default()
    };
    let rows = state.operations.search_subscribers(search).await?;
    Ok(Json(paging::page(rows, size, |row| row.subscriber.id.to_string(), subscriber)))
}

fn status(asked: SubscriberState) -> SubscriberStatus {
    match asked {
        SubscriberState::Active => SubscriberStatus::Active,
        SubscriberState::Suspended => SubscriberStatus::Suspended,
        SubscriberState::Inactive => SubscriberStatus::Inactive,
    }
}

fn order(asked: Order) -> SubscriberOrder {
    match asked {
        Order::Username => SubscriberOrder::Username,
        Order::Newest => SubscriberOrder::Newest,
        Order::Expiry => SubscriberOrder::Expiry,
    }
}
