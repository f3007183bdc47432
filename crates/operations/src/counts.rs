//! Counts as people read them.

/// A count with its thousands apart: `1,234,567`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How many there are of something, thousands apart: `1 session`, `1,234 sessions`, `2 entries`.
pub fn many(count: u64, what: &str) -> String {
    let plural = match what.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        Some(stem) => format!("{stem}ies"),
        None => format!("{what}s"),
    };
    format!("{} {}", grouped(count), if count == 1 { what } else { &plural })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let shown: Vec<_> = [0, 12, 999, 1_000, 123_456, 1_234_567].into_iter().map(grouped).collect();
        assert_eq!(shown, ["0", "12", "999", "1,000", "123,456", "1,234,567"]);
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn one_is_one_and_others_are_many() {
        let of = |what: &str| [0, 1, 2_000].map(|count| many(count, what));
        assert_eq!(of("session"), ["0 sessions", "1 session", "2,000 sessions"]);
        assert_eq!(of("entry"), ["0 entries", "1 entry", "2,000 entries"]);
        assert_eq!(of("day"), ["0 days", "1 day", "2,000 days"]);
    }
}
