//! SPDX licence expressions: may we take this package without a copyleft licence?

/// Whether `expression` leaves a choice free of the GNU licences: `MIT OR GPL-3.0` does, `MIT AND GPL-3.0` does not.
pub(super) fn has_permissive_choice(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    !rest.is_empty() && any_of(&mut rest) && rest.is_empty()
}

fn any_of(words: &mut &[&str]) -> bool {
    let mut permissive = all_of(words);
    while skip(words, "OR") {
        permissive |= all_of(words);
    }
    permissive
}

fn all_of(words: &mut &[&str]) -> bool {
    let mut permissive = one(words);
    while skip(words, "AND") {
        permissive &= one(words);
    }
    permissive
}

fn one(words: &mut &[&str]) -> bool {
    if skip(words, "(") {
        let permissive = any_of(words);
        return skip(words, ")") && permissive;
    }
    let Some((licence, rest)) = words.split_first() else { return false };
    *words = rest;
    // An exception (`GPL-2.0 WITH Classpath-exception-2.0`) softens a licence; we still do not want it.
    if skip(words, "WITH") {
        *words = words.get(1..).unwrap_or_default();
    }
    !licence.contains("GPL")
}

fn skip(words: &mut &[&str], word: &str) -> bool {
    match words.split_first() {
        Some((first, rest)) if first.eq_ignore_ascii_case(word) => {
            *words = rest;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_enough_and_an_addition_is_not() {
        for fine in [
            "MIT",
            "MIT/Apache-2.0",
            "MIT OR LGPL-3.0",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR MIT",
        ] {
            assert!(has_permissive_choice(fine), "{fine}");
        }
        for copyleft in [
            "",
            "GPL-3.0-only",
            "AGPL-3.0",
            "MIT AND LGPL-2.1-or-later",
            "(MIT OR BSD-3-Clause) AND GPL-2.0",
            "GPL-2.0 WITH Classpath-exception-2.0",
            "(MIT",
            "MIT Apache-2.0",
        ] {
            assert!(!has_permissive_choice(copyleft), "{copyleft}");
        }
    }
}
