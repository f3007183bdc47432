//! Figures for people, in decimal units. They are made here, at the edge, and never read back.

const STEP: u64 = 1_000;
const VOLUMES: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
const RATES: [&str; 7] = ["bps", "kbps", "Mbps", "Gbps", "Tbps", "Pbps", "Ebps"];

/// A volume: `15.2 MB`.
pub(crate) fn octets(octets: u64) -> String {
    scaled(octets, &VOLUMES, 1)
}

/// A rate in bits per second: `5.23 Mbps`.
pub(crate) fn rate(bps: u64) -> String {
    scaled(bps, &RATES, 2)
}

/// An upper bound on what was not seen; `None` is no bound.
pub(crate) fn upper(bound: Option<u64>) -> String {
    match bound {
        None => "no bound".to_owned(),
        Some(0) => "0".to_owned(),
        Some(bound) => format!("<= {}", octets(bound)),
    }
}

/// An observed share, rounded down: 100 % means that nothing was missed.
pub(crate) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", (share * 10.0).floor() / 10.0))
}

/// Integer arithmetic, cut off and not rounded, so that a figure is never more than was counted.
fn scaled(value: u64, units: &[&str; 7], decimals: u32) -> String {
    let power = (1..units.len()).take_while(|power| value >= step(*power)).last().unwrap_or(0);
    if power == 0 {
        return format!("{value} {}", units[0]);
    }
    let fraction = 10_u64.pow(decimals);
    let (whole, rest) = (value / step(power), value % step(power));
    let width = decimals as usize;
    format!("{whole}.{:0width$} {}", rest / (step(power) / fraction), units[power])
}

fn step(power: usize) -> u64 {
    (0..power).fold(1, |step, _| step * STEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_are_decimal_and_never_rounded_up() {
        let shown = [0, 999, 1_000, 1_050, 15_200_000, 15_299_999, 999_999_999].map(octets);
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "1.0 kB", "15.2 MB", "15.2 MB", "999.9 MB"]);
        assert_eq!(octets(u64::MAX), "18.4 EB");
    }

    #[test]
    fn rates_have_two_decimals() {
        let shown = [0, 5_230_000, 1_000_000_000, 1_005_000].map(rate);
        assert_eq!(shown, ["0 bps", "5.23 Mbps", "1.00 Gbps", "1.00 Mbps"]);
    }

    #[test]
    fn nearly_everything_is_not_everything() {
        let shown = [Some(100.0), Some(99.99), Some(0.0), None].map(percent);
        assert_eq!(shown, ["100.0 %", "99.9 %", "0.0 %", "-"]);
    }

    #[test]
    fn bounds_say_whether_there_is_one() {
        assert_eq!([None, Some(0), Some(1_250_000)].map(upper), ["no bound", "0", "<= 1.2 MB"]);
    }
}
