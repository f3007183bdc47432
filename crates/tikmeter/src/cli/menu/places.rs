//! What there is to choose from: routers and plans of the server.

use serde::Deserialize;

use super::prompt::Desk;
use crate::client::Page;
use crate::failure::Failure;

/// A plan as far as it is told apart here.
#[derive(Deserialize)]
pub(super) struct Plan {
    pub(super) name: String,
    pub(super) price: Option<String>,
    pub(super) validity: Option<String>,
    pub(super) rate_up_bps: Option<u64>,
    pub(super) rate_down_bps: Option<u64>,
}

/// A router by its name.
#[derive(Deserialize)]
pub(super) struct Router {
    pub(super) name: String,
}

/// All plans; none, and why is told, where the server does not say.
pub(super) async fn plans(desk: &Desk<'_>) -> Vec<Plan> {
    told(desk, list(desk, "plans").await)
}

/// All routers; none, and why is told, where the server does not say.
pub(super) async fn routers(desk: &Desk<'_>) -> Vec<Router> {
    told(desk, list(desk, "routers").await)
}

async fn list<T: serde::de::DeserializeOwned>(desk: &Desk<'_>, of: &str) -> Result<Vec<T>, Failure> {
    let page: Page<T> = desk.caller.client.get(&[of], &[]).await?.read()?;
    Ok(page.items)
}

fn told<T>(desk: &Desk<'_>, list: Result<Vec<T>, Failure>) -> Vec<T> {
    list.unwrap_or_else(|failure| {
        desk.caller.terminal.remark(&failure.to_string());
        Vec::new()
    })
}
