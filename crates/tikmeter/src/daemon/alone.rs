//! The database of this machine while no server runs: what can be looked at without one. Nobody is polled, and nobody is answered.

use std::sync::Arc;

use operations::Operations;
use store::{Node, NodeRole};

use super::alike;
use super::lost_files::vault;
use super::opening::{assemble, open_store};
use super::plan::Plan;
use crate::config::DatabaseUrl;
use crate::failure::Failure;

/// Opens it; no other process can have it meanwhile.
///
/// # Errors
/// When there is none, a server has it, or others share it: then a server is to be asked.
pub(crate) async fn operations_alone(plan: Plan) -> Result<Arc<Operations>, Failure> {
    let DatabaseUrl::Sqlite(file) = &plan.database else {
        return Err(Failure::said(
            "the database is shared, and its servers know more: ask one of them, by --url",
        ));
    };
    if !file.is_file() {
        let file = file.display();
        return Err(Failure::said(format!(
            "there is no database {file}; nothing was made, name its folder by --data"
        )));
    }
    let plan = Plan { events: None, ..plan };
    let store = open_store(&plan).await?;
    let vault = vault(&*store, &plan.key, false).await?;
    let settings = alike::settings(&plan.zone, plan.detail_months, false, &vault);
    let node = Node { settings, ..Node::new(&plan.node.name, NodeRole::All) };
    let (operations, _supervisor, _between) = assemble(store, vault, &plan, node);
    Ok(operations)
}
