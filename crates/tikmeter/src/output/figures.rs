//! Figures for people, in decimal units. They are made here, at the edge, and never read back.

const STEP: u64 = 1_000;
const VOLUMES: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/// A volume: `15.2 MB`. Integer arithmetic, cut off and not rounded, so that a figure is never more than was counted.
pub(crate) fn octets(octets: u64) -> String {
    let power = (1..VOLUMES.len()).take_while(|power| octets >= step(*power)).last().unwrap_or(0);
    if power == 0 {
        return format!("{octets} {}", VOLUMES[0]);
    }
    let (whole, rest) = (octets / step(power), octets % step(power));
    format!("{whole}.{} {}", rest / (step(power) / 10), VOLUMES[power])
}

/// A rate in bits per second, as it is told everywhere: `5.23 Mbps`.
pub(crate) use operations::rate_for_people as rate;

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
    fn nearly_everything_is_not_everything() {
        let shown = [Some(100.0), Some(99.99), Some(0.0), None].map(percent);
        assert_eq!(shown, ["100.0 %", "99.9 %", "0.0 %", "-"]);
    }

    #[test]
    fn bounds_say_whether_there_is_one() {
        assert_eq!([None, Some(0), Some(1_250_000)].map(upper), ["no bound", "0", "<= 1.2 MB"]);
    }
}
