//! GET /ws

use axum::response::Response;
use operations::{Operations, View};
use utoipa::{IntoParams, IntoResponses};
use uuid::Uuid;

use super::client::Form;
use super::upgrade::{Asked, open, upgrade};
use crate::auth::{Credential, Within};
use crate::compat;
use crate::extract::Query;
use crate::problem::{Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        compat::watch_errors()
    }
}

/// Whom to look at, and the token where no header can be sent.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the document; a name may come several times, which serde does not read")]
struct InAddress {
    /// Ids of subscribers, parted by commas; may be given several times. Without it: whoever is watched for others.
    customer_id: Option<String>,
    /// The token, where no header can be sent.
    token: Option<String>,
}

/// A WebSocket that sends one JSON text for each sample, and nothing else. Who loses too many is closed with 1013. Whom
/// `customer_id` names is watched for as long as the connection is open.
#[utoipa::path(
    get,
    path = "/ws",
    tag = "compat",
    operation_id = "compat_live",
    params(InAddress),
    responses((status = 101, description = "A WebSocket; each message is a CompatSample"), Errors)
)]
pub(super) async fn watch(
    Within(state): Within,
    credential: Credential,
    Query(pairs): Query<Vec<(String, String)>>,
    asked: Asked,
) -> Result<Response, Problem> {
    let customers = customers(&pairs)?;
    let upgrade = upgrade(asked)?;
    let place = state.live.place()?;
    let view = view(&state.operations, customers).await?;
    let reached = state.operations.reached_names().await?;
    Ok(open(upgrade, credential, (place, (view, reached), Form::Compat), &state))
}

fn customers(pairs: &[(String, String)]) -> Result<Option<Vec<Uuid>>, Problem> {
    let mut customers: Option<Vec<Uuid>> = None;
    for (name, value) in pairs {
        match name.as_str() {
            "customer_id" => {
                let ids = value.split(',').map(|id| compat::customer_id(id.trim()));
                customers.get_or_insert_default().extend(ids.collect::<Result<Vec<_>, _>>()?);
            }
            "token" => {}
            _ => {
                return Err(Problem::bad_request(
                    "the address takes customer_id and token, and nothing else",
                ));
            }
        }
    }
    Ok(customers)
}

async fn view(operations: &Operations, customers: Option<Vec<Uuid>>) -> Result<View, Problem> {
    let Some(customers) = customers else { return Ok(operations.view_all()) };
    let mut view = operations.view_nobody();
    for customer in customers {
        operations.look_at(&mut view, &customer.to_string()).await.map_err(compat::refused)?;
    }
    Ok(view)
}
