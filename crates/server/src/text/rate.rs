//! Rates for people.

const UNITS: [&str; 5] = ["bps", "kbps", "Mbps", "Gbps", "Tbps"];

/// Bits a second with two decimals in the largest unit that leaves a digit before the point: `5.23 Mbps`.
pub(crate) fn rate(bps: u64) -> String {
    let (mut unit, mut scale) = (0, 1_u128);
    let hundredths = |scale: u128| (u128::from(bps) * 100 + scale / 2) / scale;
    while unit + 1 < UNITS.len() && hundredths(scale) >= 100_000 {
        (unit, scale) = (unit + 1, scale * 1_000);
    }
    let hundredths = hundredths(scale);
    format!("{}.{:02} {}", hundredths / 100, hundredths % 100, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn rates_have_two_decimals_and_the_unit_they_round_to() {
        let shown = [0, 999, 1_234_567, 5_234_567, 999_994, 999_995, 2_500_000_000].map(rate);
        let told =
            ["0.00 bps", "999.00 bps", "1.23 Mbps", "5.23 Mbps", "999.99 kbps", "1.00 Mbps", "2.50 Gbps"];
        assert_eq!(shown, told);
        assert_eq!(rate(u64::MAX), "18446744.07 Tbps");
    }
}
