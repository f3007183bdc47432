//! Usage towards clients.

use operations::observed_percent;
use store::UsageRow;

use crate::api::model::name::Name;
use crate::api::model::usage::UsageItem;

pub(super) fn item(row: UsageRow) -> UsageItem {
    UsageItem {
        router: row.router,
        username: row.username.as_deref().map(Name::from),
        kind: row.kind.map(Into::into),
        upload_octets: row.octets.input,
        download_octets: row.octets.output,
        observed_percent: observed_percent(&row.observation),
        unobserved_upper_octets: row.observation.upper_octets,
        as_of: row.as_of.map(Into::into),
    }
}
