//! "Did you mean": the known word that is nearest to an unknown one.

/// A word further away than so many slips is another word.
const MOST_SLIPS: usize = 2;
/// Nor is one alike of which more than a third of the letters are slips.
const LEAST_LIKENESS: f64 = 0.6;

/// `; did you mean X?`, or what else there is.
pub(crate) fn hint<'k>(unknown: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    let likeness = |word: &str| strsim::normalized_damerau_levenshtein(unknown, word);
    let best =
        known.clone().map(|word| (likeness(word), word)).max_by(|one, other| one.0.total_cmp(&other.0));
    match best {
        Some((likeness, word))
            if likeness >= LEAST_LIKENESS && strsim::damerau_levenshtein(unknown, word) <= MOST_SLIPS =>
        {
            format!("did you mean `{word}`?")
        }
        _ => format!("known are {}", known.collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::hint;

    #[test]
    fn the_nearest_is_named_and_a_far_one_is_not() {
        let known = ["interval", "listen"];
        assert_eq!(hint("intervall", known.into_iter()), "did you mean `interval`?");
        assert_eq!(hint("vouchers", ["routers"].into_iter()), "known are routers");
        assert_eq!(hint("colour", known.into_iter()), "known are interval, listen");
    }
}
