//! Quantities as people write them in flags: `100M`, `10s`, `20G`. k = 1000, as everywhere on RouterOS.

/// Bits per second: a number, or one with `k`, `M`, `G` or `T` behind it.
///
/// # Errors
/// A sentence that shows the form.
pub(crate) fn bps(text: &str) -> Result<u64, String> {
    let number = text.trim().trim_end_matches("bps").trim_end_matches("bit/s");
    scaled(number).ok_or_else(|| {
        format!("`{}` is no speed; write it like 100M or 1G (bits per second)", text.escape_debug())
    })
}

/// Octets: a number, or one with `k`, `M`, `G` or `T` behind it.
///
/// # Errors
/// A sentence that shows the form.
pub(crate) fn octets(text: &str) -> Result<u64, String> {
    scaled(text.trim().trim_end_matches('B'))
        .ok_or_else(|| format!("`{}` is no volume; write it like 500M or 20G (octets)", text.escape_debug()))
}

/// A length of time in milliseconds: `500ms`, `10s`, `2m`.
///
/// # Errors
/// A sentence that shows the form.
pub(crate) fn millis(text: &str) -> Result<u64, String> {
    let units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];
    let found = units.iter().find_map(|(unit, factor)| {
        let number: u64 = text.trim().strip_suffix(unit)?.trim_end().parse().ok()?;
        number.checked_mul(*factor)
    });
    found
        .ok_or_else(|| format!("`{}` is no length of time; write it like 10s, 2m or 1h", text.escape_debug()))
}

/// A price, as it is written.
///
/// # Errors
/// A sentence that shows the form.
pub(crate) fn price(text: &str) -> Result<String, String> {
    judged(text, operations::check_price(text))
}

/// How long a plan lasts, as it is written.
///
/// # Errors
/// A sentence that shows the form.
pub(crate) fn validity(text: &str) -> Result<String, String> {
    judged(text, operations::check_validity(text))
}

/// An instant, as it is written.
///
/// # Errors
/// A sentence that shows the form.
pub(crate) fn instant(text: &str) -> Result<String, String> {
    let instant = operations::parse_instant(text);
    instant.map(|_| text.to_owned()).map_err(|wrong| format!("`{}` {wrong}", text.escape_debug()))
}

/// When somebody's time runs out, as it is written: an instant or a date.
///
/// # Errors
/// A sentence that shows both forms.
pub(crate) fn expiry(text: &str) -> Result<String, String> {
    judged(text, operations::Expiry::parse(text))
}

/// The IANA name of a zone, as it is written.
///
/// # Errors
/// A sentence that shows the form.
pub(crate) fn zone(text: &str) -> Result<String, String> {
    judged(text, operations::zone(text))
}

fn judged<T>(text: &str, judged: Result<T, operations::OperationError>) -> Result<String, String> {
    judged.map(|_| text.to_owned()).map_err(|error| error.to_string())
}

fn scaled(text: &str) -> Option<u64> {
    let powers = [('k', 1), ('K', 1), ('M', 2), ('G', 3), ('T', 4)];
    let power = powers.iter().find(|(suffix, _)| text.ends_with(*suffix));
    let (digits, power) = power.map_or((text, 0), |(suffix, power)| (text.trim_end_matches(*suffix), *power));
    digits.trim_end().parse::<u64>().ok()?.checked_mul(1_000_u64.pow(power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_and_volumes_are_decimal() {
        let speeds = ["1G", "100M", "512k", "64000", "10Mbps"].map(|text| bps(text).unwrap());
        assert_eq!(speeds, [1_000_000_000, 100_000_000, 512_000, 64_000, 10_000_000]);
        assert_eq!(octets("20GB"), Ok(20_000_000_000));
    }

    #[test]
    fn lengths_of_time_need_a_unit() {
        assert_eq!(
            ["500ms", "10s", "2m", "1h"].map(|text| millis(text).unwrap()),
            [500, 10_000, 120_000, 3_600_000]
        );
        assert!(millis("10").is_err_and(|text| text.contains("10s")));
    }

    #[test]
    fn nonsense_and_what_does_not_fit_are_refused() {
        for text in ["", "M", "-1", "1.5G", "fast", "99999999999T"] {
            assert!(bps(text).is_err(), "{text}");
        }
        assert!(millis("99999999999999999h").is_err());
    }
}
