//! What words of a search are compared with.

use crate::search_repository::{MOST_WORDS, SearchWords};

/// Text in small letters has a pattern in it.
macro_rules! text_has {
    ($text:literal, $pattern:literal) => {
        concat!("lower(", $text, ") LIKE ", $pattern, " ESCAPE '!'")
    };
}
pub(super) use text_has;

/// The same of raw bytes. PostgreSQL wants them to be text first, whatever they are: there both are written with escapes.
macro_rules! bytes_have {
    ($bytes:literal, $pattern:literal) => {
        concat!(
            "lower(CAST(/*postgres encode(*/",
            $bytes,
            "/*postgres , 'escape')*/ AS TEXT) /*postgres COLLATE \"C\"*/) LIKE /*postgres encode(convert_to(*/",
            $pattern,
            "/*postgres , 'UTF8'), 'escape')*/ ESCAPE '!'"
        )
    };
}
pub(super) use bytes_have;

/// Raw bytes are no code of a voucher, or ?code is 0.
macro_rules! no_code {
    ($bytes:literal, $hides:literal) => {
        concat!(
            "(",
            $hides,
            " = 0 OR NOT EXISTS (SELECT 1 FROM voucher WHERE voucher.code = upper(CAST(/*postgres encode(*/",
            $bytes,
            "/*postgres , 'escape')*/ AS TEXT) /*postgres COLLATE \"C\"*/))
             AND NOT EXISTS (SELECT 1 FROM voucher_device WHERE voucher_device.login = ",
            $bytes,
            "))"
        )
    };
}
pub(super) use no_code;

/// Each of the four words is lacking, or found by `$one`.
macro_rules! all_words {
    ($one:ident, $first:literal, $second:literal, $third:literal, $fourth:literal) => {
        concat!($one!($first), " AND ", $one!($second), " AND ", $one!($third), " AND ", $one!($fourth))
    };
}
pub(super) use all_words;

/// What a word is compared with: it stands anywhere. Signs that mean something in a pattern mean themselves.
fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for sign in word.chars() {
        if matches!(sign, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(sign.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

/// The patterns of a search; those that are lacking are met by everything.
pub(super) fn patterns(words: &SearchWords) -> [Option<String>; MOST_WORDS] {
    let mut patterns = words.words.iter().map(|word| pattern(word));
    std::array::from_fn(|_| patterns.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_a_pattern_mean_themselves() {
        assert_eq!(pattern("50%_A!b"), "%50!%!_a!!b%");
    }
}
