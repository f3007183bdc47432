//! A device's hardware address, as this portal is told it.

/// `AA:BB:CC:DD:EE:FF`, however the separators and the letters' case were; `None` for anything else. Twelve digits without separators
/// may be a voucher's code and are none here.
pub(super) fn mac(text: &str) -> Option<String> {
    let separator = [':', '-'].into_iter().find(|separator| text.contains(*separator))?;
    let pairs: Vec<&str> = text.split(separator).collect();
    let is_pair = |pair: &&str| pair.len() == 2 && pair.bytes().all(|digit| digit.is_ascii_hexdigit());
    (pairs.len() == 6 && pairs.iter().all(is_pair)).then(|| pairs.join(":").to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::mac;

    #[test]
    fn only_what_cannot_be_a_code_is_an_address() {
        assert_eq!(mac("aa:bb:cc:dd:ee:0f").as_deref(), Some("AA:BB:CC:DD:EE:0F"));
        assert_eq!(mac("AA-BB-CC-DD-EE-0F").as_deref(), Some("AA:BB:CC:DD:EE:0F"));
        for other in [
            "AABBCCDDEE0F",
            "AA:BB:CC:DD:EE",
            "AA:BB-CC:DD:EE:FF",
            "---",
            "",
            "AA:BB:CC:DD:EE:0G",
            "A:AB:CC:DD:EE:FF",
        ] {
            assert_eq!(mac(other), None, "{other}");
        }
    }
}
