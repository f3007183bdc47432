//! Login names that hurt: what real routers carry and careless clients trip over (routeros.md §1.10, §8).

/// Logins to run every test with, as raw bytes. All are different from each other, bytewise.
pub const HURTING: &[&[u8]] = &[
    b"bob",
    b"bob-1",
    b"bob-1-1",
    b"Ana",
    b"ana",
    b"ana ",
    b" ana",
    b"with space",
    b"with,comma",
    b"with=equals",
    b"=name=x",
    b"a>b",
    b"<pppoe-bob>",
    b"pppoe-bob",
    b".id",
    b"*F00000",
    b"!done",
    b"?type=pppoe-in",
    b".tag=7",
    b"user@realm.example",
    b"good_worker@mt.lv",
    b"amado.lorena",
    b"\"quoted\"",
    b"back\\slash",
    b"semi;colon",
    b"formula=1+1",
    b"+1",
    b"@SUM(A1)",
    b"-",
    b" ",
    b"0",
    b"line\nbreak",
    b"tab\there",
    // Control bytes that would colour a terminal or set its title.
    b"\x1b[31mred\x1b[0m",
    b"\x1b]0;title\x07",
    b"nul\x00inside",
    // Windows-1252: not UTF-8.
    b"mu\xF1oz",
    b"Jos\xE9",
    b"\x80uro",
    b"\xED",
    b"\xFF\xFE",
    // The same names as UTF-8.
    "mu\u{f1}oz".as_bytes(),
    "Jos\u{e9}".as_bytes(),
    // Looks alike, is not: composed and decomposed.
    "e\u{301}".as_bytes(),
    "\u{e9}".as_bytes(),
    "\u{202e}reversed".as_bytes(),
    // Longer than one length byte can say.
    b"a-very-long-login-name-that-needs-a-second-length-byte-on-the-wire-because-it-has-more-than-127-bytes-and-so-ends-only-here-really",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::HURTING;

    #[test]
    fn every_name_is_different_and_one_needs_two_length_bytes() {
        let distinct: BTreeSet<_> = HURTING.iter().collect();
        assert_eq!(distinct.len(), HURTING.len());
        assert!(HURTING.iter().any(|name| name.len() > 127));
    }
}
