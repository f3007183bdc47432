//! The words of a text, of which some must not be read.

/// The words of a text: what codes, keys and logins can be made of.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign| !is_of_a_word(sign)).filter(|word| !word.is_empty())
}

/// The text with other words where `instead` gives some; all else stays.
pub(crate) fn with_words(text: &str, instead: impl Fn(&str) -> Option<String>) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_of_a_word) {
        let (between, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|sign| !is_of_a_word(sign)).unwrap_or(from.len()));
        told.push_str(between);
        match instead(word) {
            Some(other) => told.push_str(&other),
            None => told.push_str(word),
        }
        rest = after;
    }
    told + rest
}

fn is_of_a_word(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_replaced_where_they_stand() {
        let text = "\u{e9} user=ABCD-2, (6) \u{e9}";
        assert_eq!(words(text).collect::<Vec<_>>(), ["user", "ABCD-2", "6"]);
        let told = with_words(text, |word| (word == "ABCD-2").then(|| "*".to_owned()));
        assert_eq!(told, "\u{e9} user=*, (6) \u{e9}");
    }
}
