//! A router that is removed or switched off: the devices of vouchers are taken off first, for nobody would look after them.

use serde_json::json;
use store::Nas;

use crate::error::OperationError;
use crate::marks::{MarkOn, Marks};
use crate::operations::Operations;

impl Operations {
    /// Takes every hotspot user of ours, with its cookies and logins, off a router that is about to be left. What stays, and how it goes
    /// by hand; `None`: nothing.
    pub(crate) async fn take_vouchers_off(
        &self,
        actor: &str,
        nas: &Nas,
    ) -> Result<Option<String>, OperationError> {
        if !self.store.voucher_routers().await?.contains(&nas.id) {
            return Ok(None);
        }
        let (why, commands) = match self.commands.keep_vouchers(nas.clone(), true).await {
            Ok(kept) if kept.shown.is_empty() => (None, kept.commands),
            Ok(kept) => {
                let why = kept.stays.unwrap_or_else(|| "the router still shows some of them".to_owned());
                (Some(why), kept.commands)
            }
            Err(error) => (Some(error.to_string()), Vec::new()),
        };
        let marks = Marks::of(&self.store.installation().await?.id);
        let stays = why.map(|why| by_hand(&nas.config.name, &why, &marks));
        let detail = json!({ "commands": commands, "stays": stays });
        self.store.append_audit(self.act(actor, "voucher.off", &nas.config.name, detail)).await?;
        Ok(stays)
    }
}

fn by_hand(router: &str, why: &str, marks: &Marks) -> String {
    format!(
        "hotspot users that were made for vouchers may still be on the router {router}, and let their devices in until the time that the \
         router has for them is over ({}). Take them off by hand, on the router: /ip hotspot user print where comment=\"{}\" names \
         them; for each NAME: /ip hotspot cookie remove [find user=NAME], /ip hotspot active remove [find user=NAME], \
         /ip hotspot user remove NAME",
        why.trim_end_matches('.'),
        marks.comment(MarkOn::Voucher)
    )
}
