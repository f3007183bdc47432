//! Routers of the configuration file.

use secrecy::ExposeSecret;
use serde_json::json;
use store::{FileSync, Nas, NasOrigin, NewNas};
use uuid::Uuid;

use crate::error::OperationError;
use crate::operations::Operations;
use crate::router_requests::NewRouter;
use crate::router_rules::check_new;

const NOT_POLLING: &str = "queues, hotspot users and holds of ours that were on it stay, for it left the file while nothing ran; to be rid of \
    them put it back, start, and take it out again while the program runs (SIGHUP)";
/// Who does what the file says.
const ACTOR: &str = "configuration file";

impl Operations {
    /// Makes the stored routers of the file those of `wanted`; a vanished one is paused, its history kept; while routers are
    /// polled (`is_polling`) it is rid of what is ours. Pollers are told when anything changed. All or nothing.
    pub async fn sync_file_routers(
        &self,
        wanted: Vec<NewRouter>,
        is_polling: bool,
    ) -> Result<FileSync, OperationError> {
        let sealing = self.vault.sealing().await;
        let mut routers = Vec::with_capacity(wanted.len());
        for new in wanted {
            check_new(&new, &self.addresses)?;
            let known = self.store.nas_by_name(&new.name).await?;
            routers.push(self.as_file_router(known, new));
        }
        let act = self.act(ACTOR, "router.file", "", json!({}));
        let done = self.store.sync_file_nas(routers, self.node.name.clone(), act).await?;
        drop(sealing);
        for name in &done.vanished {
            self.leave_vanished(name, is_polling).await;
        }
        if done != FileSync::default() {
            self.commands.reload().await;
        }
        Ok(done)
    }

    /// Who is not polling yet cannot take anything off.
    async fn leave_vanished(&self, name: &str, is_polling: bool) {
        let left = async {
            match is_polling {
                true => self.leave_router(ACTOR, &self.nas(name).await?).await,
                false => Ok(Some(NOT_POLLING.to_owned())),
            }
        };
        match left.await {
            Ok(None) => {}
            Ok(Some(stays)) => {
                tracing::warn!(router = name, %stays, "the router left the configuration file, and is read no more");
            }
            Err(error) => {
                tracing::error!(router = name, %error, "what is ours on a router that left the configuration file stays there")
            }
        }
    }

    /// An unchanged password keeps its sealed bytes, so that an unchanged entry is seen to be unchanged.
    fn as_file_router(&self, known: Option<Nas>, new: NewRouter) -> NewNas {
        let Some(known) = known else { return self.sealed(Uuid::new_v4(), NasOrigin::File, new) };
        let password = new.password.clone();
        let mut config = self.sealed(known.config.uuid, NasOrigin::File, new);
        let address = |config: &NewNas| (config.host.clone(), config.port, config.tls);
        let moved = address(&known.config) != address(&config);
        let stored = self.vault.password_of(&known);
        if !moved && stored.is_ok_and(|stored| stored.expose_secret() == password.expose_secret()) {
            config.password = known.config.password;
        }
        config
    }
}
