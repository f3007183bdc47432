//! `tikmeter voucher show`.

use serde::Deserialize;

use super::view::{Voucher, or_dash};
use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{Table, instant, octets, printable};

#[derive(Deserialize)]
struct Detail {
    #[serde(flatten)]
    voucher: Voucher,
    upload_octets: u64,
    download_octets: u64,
    moved_octets: u64,
    left_octets: Option<u64>,
    octets_as_of: Option<String>,
    used_by: Vec<Device>,
}

#[derive(Deserialize)]
struct Device {
    router: Option<String>,
    mac: String,
    username: String,
    state: String,
    in_at: Option<String>,
    out_at: Option<String>,
}

/// Shows it.
///
/// # Errors
/// One sentence.
pub(super) async fn run(caller: &Caller, code: &str) -> Result<(), Failure> {
    let answer = caller.client.get(&["vouchers", code], &[]).await?;
    caller.show(&answer, text)
}

impl Detail {
    /// What was moved, and what is left of a limit, by the last look.
    fn data(&self) -> String {
        let left = self.left_octets.map_or_else(|| "no limit".to_owned(), octets);
        let as_of = self.octets_as_of.as_deref().map(|at| format!(" (as of {})", instant(Some(at))));
        format!("Data used: {}; data left: {left}{}.", octets(self.moved_octets), as_of.unwrap_or_default())
    }
}

fn text(detail: &Detail) -> String {
    let terms = &detail.voucher.terms;
    let mut lines = vec![
        detail.voucher.sentence(),
        format!("It gives: {}.", terms.sentence()),
        format!(
            "Made {} by {}; plan {}, seller {}.",
            instant(Some(&terms.made_at)),
            printable(&terms.made_by),
            printable(&or_dash(terms.plan.as_deref())),
            printable(&or_dash(terms.seller.as_deref()))
        ),
        format!(
            "In the books: {} up, {} down.",
            octets(detail.upload_octets),
            octets(detail.download_octets)
        ),
        detail.data(),
    ];
    lines.extend(terms.note.as_deref().map(|note| format!("Note: {}", printable(note))));
    let text = lines.join("\n") + "\n";
    if detail.used_by.is_empty() { text } else { text + &devices(&detail.used_by) }
}

fn devices(devices: &[Device]) -> String {
    let mut table = Table::new(&["device", "router", "user", "state", "in", "out"]);
    for device in devices {
        table.row([
            device.mac.clone(),
            device.router.clone().unwrap_or_else(|| "(removed)".to_owned()),
            device.username.clone(),
            device.state.clone(),
            instant(device.in_at.as_deref()),
            instant(device.out_at.as_deref()),
        ]);
    }
    table.to_string()
}
