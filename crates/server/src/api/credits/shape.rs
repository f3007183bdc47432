//! A credit towards clients.

use crate::api::model::credit::Credit;

pub(super) fn credit(credit: store::Credit) -> Credit {
    Credit {
        id: credit.id,
        cycle: credit.cycle,
        at: credit.at.into(),
        actor: credit.actor,
        upload_octets: credit.octets.input,
        download_octets: credit.octets.output,
        reason: credit.reason,
        cancels: credit.cancels,
        cancelled_by: credit.cancelled_by,
    }
}
