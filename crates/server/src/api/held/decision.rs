//! A decision on a held entry towards clients.

use operations::HeldDecision;

use crate::api::explain::shape;
use crate::api::model::held::Decision;
use crate::api::model::name::Name;

pub(super) fn decision(taken: HeldDecision) -> Decision {
    let HeldDecision { decision, at, row, counted_in } = taken;
    let (subscriber, cycle) = counted_in.map(|cycle| (cycle.subscriber, cycle.seq_no)).unzip();
    Decision {
        act: shape::decision(decision),
        at: at.into(),
        username: row.username.as_deref().map(Name::from),
        kind: row.kind.map(Into::into),
        upload_octets: row.entry.delta.input,
        download_octets: row.entry.delta.output,
        router: row.router,
        subscriber,
        cycle,
    }
}
