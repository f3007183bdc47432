//! Vouchers for people.

use operations::validity_for_people;
use serde::Deserialize;

use crate::output::{Table, instant, many, octets, printable, rate};

/// What is told of vouchers that were made together.
#[derive(Deserialize)]
pub(super) struct Terms {
    pub(super) made_at: String,
    pub(super) made_by: String,
    pub(super) seller: Option<String>,
    pub(super) plan: Option<String>,
    pub(super) price: Option<String>,
    validity_seconds: Option<u64>,
    devices: u32,
    rate_up_bps: Option<u64>,
    rate_down_bps: Option<u64>,
    quota_octets: Option<u64>,
    pub(super) note: Option<String>,
}

/// How many stand how.
#[derive(Deserialize)]
pub(super) struct Counts {
    unused: u64,
    running: u64,
    paused: u64,
    over: u64,
    revoked: u64,
}

/// Vouchers that were made together.
#[derive(Deserialize)]
pub(super) struct Batch {
    pub(super) id: i64,
    size: u64,
    states: Counts,
    #[serde(flatten)]
    terms: Terms,
}

/// A voucher.
#[derive(Deserialize)]
pub(super) struct Voucher {
    pub(super) code: String,
    batch: i64,
    pub(super) state: String,
    first_used_at: Option<String>,
    left_seconds: Option<u64>,
    ends_at: Option<String>,
    over_by: Option<String>,
    #[serde(flatten)]
    pub(super) terms: Terms,
}

/// What may be lacking.
pub(super) fn or_dash(text: Option<&str>) -> String {
    text.unwrap_or("-").to_owned()
}

/// What is left of a time, in its two largest units; `no limit` without one.
fn left(seconds: Option<u64>) -> String {
    let Some(seconds) = seconds else { return "no limit".to_owned() };
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let first = parts.iter().position(|(count, _)| *count > 0).unwrap_or(parts.len() - 1);
    let told: Vec<String> =
        parts[first..].iter().take(2).map(|(count, unit)| format!("{count} {unit}")).collect();
    told.join(" ")
}

impl Terms {
    /// What each gives, in one line.
    pub(super) fn sentence(&self) -> String {
        let speed = |what: &str, bps: Option<u64>| bps.map(|bps| format!("{what} {}", rate(bps)));
        let parts = [
            Some(validity_for_people(self.validity_seconds.map(|seconds| seconds.saturating_mul(1_000_000)))),
            Some(many(u64::from(self.devices), "device")),
            speed("upload", self.rate_up_bps),
            speed("download", self.rate_down_bps),
            self.quota_octets.map(|quota| format!("data {}", octets(quota))),
            self.price.as_ref().map(|price| format!("price {}", printable(price))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl Batch {
    /// That it is there, and what can be done with it.
    pub(super) fn made(&self) -> String {
        format!(
            "Batch {id}: {count} made. Each: {terms}.\nList them: tikmeter voucher list --batch {id}\nPrint them: tikmeter voucher \
             print {id} > vouchers.html\n",
            id = self.id,
            count = many(self.size, "voucher"),
            terms = self.terms.sentence(),
        )
    }
}

impl Voucher {
    /// How it stands.
    pub(super) fn sentence(&self) -> String {
        let left = format!("time left: {}", left(self.left_seconds));
        let ends =
            self.ends_at.as_deref().map(|at| format!(", until {}", instant(Some(at)))).unwrap_or_default();
        let why = self.over_by.as_deref().map(|what| format!(" (its {} is used up)", printable(what)));
        let state = printable(&self.state) + &why.unwrap_or_default();
        format!("Voucher {} is {state}; {left}{ends}.", printable(&self.code))
    }
}

/// A table of vouchers.
pub(super) fn vouchers(vouchers: &[Voucher]) -> String {
    if vouchers.is_empty() {
        return "No such vouchers. Make some: tikmeter voucher create 100 --validity 1h\n".to_owned();
    }
    let headings =
        ["code", ">batch", "plan", "seller", ">price", "state", "first used", ">time left", "ends"];
    let mut table = Table::new(&headings);
    for voucher in vouchers {
        table.row([
            voucher.code.clone(),
            voucher.batch.to_string(),
            or_dash(voucher.terms.plan.as_deref()),
            or_dash(voucher.terms.seller.as_deref()),
            or_dash(voucher.terms.price.as_deref()),
            voucher.state.clone(),
            instant(voucher.first_used_at.as_deref()),
            left(voucher.left_seconds),
            instant(voucher.ends_at.as_deref()),
        ]);
    }
    table.to_string()
}

/// A table of batches.
pub(super) fn batches(batches: &[Batch]) -> String {
    if batches.is_empty() {
        return "No such batches. Make one: tikmeter voucher create 100 --validity 1h\n".to_owned();
    }
    let headings = [
        ">batch", "made", "by", "plan", "seller", ">price", ">size", ">unused", ">running", ">paused",
        ">over", ">revoked",
    ];
    let mut table = Table::new(&headings);
    for batch in batches {
        let Counts { unused, running, paused, over, revoked } = batch.states;
        let of = &batch.terms;
        let texts = [of.plan.as_deref(), of.seller.as_deref(), of.price.as_deref()].map(or_dash);
        let counts = [batch.size, unused, running, paused, over, revoked].map(|count| count.to_string());
        let begin = [batch.id.to_string(), instant(Some(&of.made_at)), of.made_by.clone()];
        table.row(begin.into_iter().chain(texts).chain(counts));
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn terms() -> Value {
        json!({"made_at": "2026-11-30T10:00:00Z", "made_by": "eva", "seller": null, "plan": "hour", "price": "5.50",
            "validity_seconds": 3600, "devices": 2, "rate_up_bps": null, "rate_down_bps": 2_000_000, "quota_octets": null,
            "note": null})
    }

    fn with_terms(mut value: Value) -> Value {
        value.as_object_mut().unwrap().extend(terms().as_object().unwrap().clone());
        value
    }

    #[test]
    fn what_is_left_is_told_in_two_units() {
        let told = [Some(0), Some(59), Some(3_599), Some(3_600), Some(93_784), None].map(left);
        assert_eq!(told, ["0 s", "59 s", "59 min 59 s", "1 h 0 min", "1 d 2 h", "no limit"]);
    }

    #[test]
    fn a_voucher_is_told_in_a_line_and_a_sentence() {
        let value = json!({"code": "ABCD2345", "batch": 7, "state": "running", "first_used_at": "2026-11-30T11:00:00Z",
            "left_seconds": 1_800, "ends_at": "2026-11-30T12:00:00Z"});
        let voucher: Voucher = serde_json::from_value(with_terms(value)).unwrap();
        assert_eq!(
            voucher.sentence(),
            "Voucher ABCD2345 is running; time left: 30 min 0 s, until 2026-11-30 12:00:00 UTC."
        );
        let over = json!({"code": "ABCD2345", "batch": 7, "state": "over", "first_used_at": "2026-11-30T11:00:00Z",
            "left_seconds": 1_800, "ends_at": null, "over_by": "data"});
        let over: Voucher = serde_json::from_value(with_terms(over)).unwrap();
        assert_eq!(over.sentence(), "Voucher ABCD2345 is over (its data is used up); time left: 30 min 0 s.");
        let text = vouchers(&[voucher]);
        let line = text.lines().nth(1).unwrap();
        for cell in ["ABCD2345", "7", "hour", "-", "5.50", "running", "30 min 0 s"] {
            assert!(line.contains(cell), "{cell}: {line}");
        }
        assert!(vouchers(&[]).contains("voucher create"));
    }

    #[test]
    fn a_batch_tells_what_each_gives_and_what_can_be_done() {
        let value = json!({"id": 7, "size": 100,
            "states": {"unused": 90, "running": 4, "paused": 3, "over": 2, "revoked": 1}});
        let batch: Batch = serde_json::from_value(with_terms(value)).unwrap();
        let made = batch.made();
        for part in [
            "Batch 7: 100 vouchers made",
            "Each: 1 hour, 2 devices, download 2.00 Mbps, price 5.50",
            "print 7",
        ] {
            assert!(made.contains(part), "{part}: {made}");
        }
        let text = batches(&[batch]);
        let cells: Vec<_> = text.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!(cells[5..], ["hour", "-", "5.50", "100", "90", "4", "3", "2", "1"]);
    }
}
