//! What vouchers give, in words for their owners.

use store::VoucherTerms;

use crate::amounts::rate_for_people;

/// Units of time from long to short, microseconds in each.
const UNITS: [(u64, &str); 3] = [(86_400_000_000, "day"), (3_600_000_000, "hour"), (60_000_000, "minute")];

/// How long they last, in the largest unit that gives a whole number: `2 days`, `90 minutes`; `no time limit`.
pub fn validity_for_people(validity_us: Option<u64>) -> String {
    let Some(us) = validity_us else { return "no time limit".to_owned() };
    let whole = UNITS.into_iter().find(|(unit, _)| us >= *unit && us.is_multiple_of(*unit));
    let (unit, name) = whole.unwrap_or((1_000_000, "second"));
    crate::counts::many(us / unit, name)
}

/// What a voucher gives, as it stands on a sheet.
pub(super) fn terms_for_people(terms: &VoucherTerms) -> Vec<String> {
    let devices = (terms.devices > 1).then(|| crate::counts::many(terms.devices.into(), "device"));
    let speed = |bps: Option<u64>, arrow: &str| bps.map(|bps| format!("{} {arrow}", rate_for_people(bps)));
    let data = terms.quota_octets.map(volume);
    let speeds = [speed(terms.rate.down_bps, "\u{2193}"), speed(terms.rate.up_bps, "\u{2191}")];
    [Some(validity_for_people(terms.validity_us)), data, devices]
        .into_iter()
        .chain(speeds)
        .flatten()
        .collect()
}

/// Octets in the largest unit that gives a whole number.
fn volume(octets: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let unit = units.into_iter().find(|(unit, _)| octets >= *unit && octets.is_multiple_of(*unit));
    let (unit, name) = unit.unwrap_or((1, "B"));
    format!("{} {name}", octets / unit)
}

#[cfg(test)]
mod tests {
    use store::RateLimit;

    use super::*;

    #[test]
    fn lengths_of_time_are_whole_numbers() {
        for (us, told) in [
            (Some(1_800_000_000), "30 minutes"),
            (Some(3_600_000_000), "1 hour"),
            (Some(5_400_000_000), "90 minutes"),
            (Some(172_800_000_000), "2 days"),
            (Some(61_000_000), "61 seconds"),
            (None, "no time limit"),
        ] {
            assert_eq!(validity_for_people(us), told);
        }
    }

    #[test]
    fn only_what_is_limited_is_told() {
        let terms = VoucherTerms {
            validity_us: Some(3_600_000_000),
            devices: 1,
            rate: RateLimit::default(),
            quota_octets: None,
        };
        assert_eq!(terms_for_people(&terms), ["1 hour"]);
        let rate = RateLimit { up_bps: Some(512_000), down_bps: Some(2_000_000) };
        let all = VoucherTerms { devices: 3, rate, quota_octets: Some(1_500_000_000), ..terms };
        assert_eq!(
            terms_for_people(&all),
            ["1 hour", "1500 MB", "3 devices", "2.00 Mbps \u{2193}", "512.00 kbps \u{2191}"]
        );
    }
}
