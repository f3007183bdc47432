//! Rates and volumes in the one form in which people read them, wherever they do (compat.md).

const RATES: [&str; 5] = ["bps", "kbps", "Mbps", "Gbps", "Tbps"];
const VOLUMES: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];

/// Bits a second with two decimals in the largest unit that leaves a digit before the point: `5.23 Mbps`.
pub fn rate_for_people(bps: u64) -> String {
    scaled(bps, RATES, 2)
}

/// Octets with one decimal, K = 1000, as the piso-net tool wrote them: `15.2 MB`.
pub fn volume_for_people(octets: u64) -> String {
    scaled(octets, VOLUMES, 1)
}

/// A limit in bits a second as `profiles.json` and the piso-net tool write it, in the largest of K and M that it is a whole number of, so that nothing is cut off: `1500K`, `2M`.
pub fn limit_text(bps: u64) -> String {
    let fits =
        [(1_000_000, "M"), (1_000, "K")].into_iter().find(|(unit, _)| bps > 0 && bps.is_multiple_of(*unit));
    fits.map_or_else(|| bps.to_string(), |(unit, name)| format!("{}{name}", bps / unit))
}

fn scaled(value: u64, units: [&str; 5], decimals: u32) -> String {
    let (mut unit, mut scale, parts) = (0, 1_u128, 10_u128.pow(decimals));
    let rounded = |scale: u128| (u128::from(value) * parts + scale / 2) / scale;
    while unit + 1 < units.len() && rounded(scale) >= 1_000 * parts {
        (unit, scale) = (unit + 1, scale * 1_000);
    }
    let (rounded, width) = (rounded(scale), decimals as usize);
    format!("{}.{:0width$} {}", rounded / parts, rounded % parts, units[unit])
}

#[cfg(test)]
mod tests {
    use super::{limit_text as limit, rate_for_people as rate, volume_for_people as volume};

    #[test]
    fn rates_have_two_decimals_and_the_unit_they_round_to() {
        let shown = [0, 999, 1_234_567, 5_234_567, 999_994, 999_995, 2_500_000_000].map(rate);
        let told =
            ["0.00 bps", "999.00 bps", "1.23 Mbps", "5.23 Mbps", "999.99 kbps", "1.00 Mbps", "2.50 Gbps"];
        assert_eq!(shown, told);
        assert_eq!(rate(u64::MAX), "18446744.07 Tbps");
    }

    #[test]
    fn volumes_have_one_decimal() {
        let shown = [0, 999, 15_200, 120_460_000, 999_960].map(volume);
        assert_eq!(shown, ["0.0 B", "999.0 B", "15.2 kB", "120.5 MB", "1.0 MB"]);
    }

    #[test]
    fn a_limit_is_told_exactly() {
        let shown = [0, 999, 512_000, 1_500_000, 2_000_000, 1_000_000_000].map(limit);
        assert_eq!(shown, ["0", "999", "512K", "1500K", "2M", "1000M"]);
    }
}
