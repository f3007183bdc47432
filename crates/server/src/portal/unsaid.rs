//! What must not stand in a log: codes and keys. Whoever reads one there is let in with it.

use crate::text::with_words;

/// Shortest code that anybody would make, in signs.
const SHORTEST: usize = 4;
/// Keys are longer than any word.
const LONGEST_WORD: usize = 20;

/// The text, with `*` for each word that may be a code or a key: codes have capitals and digits alone, as they are stored. The router's
/// own words, MACs and addresses stay.
pub(super) fn without_codes(text: impl ToString) -> String {
    with_words(&text.to_string(), |word| may_be_one(word).then(|| "*".to_owned()))
}

fn may_be_one(word: &str) -> bool {
    let is_a_code = word.len() >= SHORTEST && !word.bytes().any(|byte| byte.is_ascii_lowercase());
    is_a_code || word.len() > LONGEST_WORD
}

#[cfg(test)]
mod tests {
    use super::without_codes;

    #[test]
    fn codes_and_keys_are_taken_out_and_all_else_stays() {
        let key = "q7Xk2mPz90aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456";
        for (text, told) in [
            ("user ABCD2345-2 is there already (6)", "user * is there already (6)"),
            ("ABCD2345", "*"),
            ("not enough permissions (9)", "not enough permissions (9)"),
            ("AA:BB:CC:00:00:01 at 10.5.50.2 of RouterOS", "AA:BB:CC:00:00:01 at 10.5.50.2 of RouterOS"),
            ("", ""),
            ("é ABCD2345 é", "é * é"),
        ] {
            assert_eq!(without_codes(text), told);
        }
        assert_eq!(without_codes(format!("key {key}.")), "key *.");
    }
}
