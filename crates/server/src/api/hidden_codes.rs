//! Codes of vouchers in what viewers may read: whoever reads one there can go online with it, so they see its first signs only.

use std::collections::HashSet;

use operations::{Identity, OperationError, Operations, stored_code};
use serde_json::Value;

use crate::auth::{Ability, may};
use crate::text::{with_words, words};

/// Signs that are shown of one, so that two can be told apart in a conversation and none can be used.
const SHOWN: usize = 2;

/// Codes that are not to be read in some texts.
pub(super) struct HiddenCodes(HashSet<String>);

/// Words that may be codes.
pub(super) struct Candidates(HashSet<String>);

impl Candidates {
    /// Those in these texts: none for who may list vouchers.
    pub(super) fn in_texts<'t>(reader: &Identity, texts: impl Iterator<Item = &'t str>) -> Candidates {
        match may(reader.role, Ability::LookCodes) {
            true => Candidates(HashSet::new()),
            false => Candidates(texts.flat_map(words).flat_map(may_be).collect()),
        }
    }
}

impl HiddenCodes {
    /// Those that are vouchers'.
    pub(super) async fn of(
        operations: &Operations,
        Candidates(candidates): Candidates,
    ) -> Result<HiddenCodes, OperationError> {
        let known = operations.known_voucher_codes(candidates.into_iter().collect()).await?;
        Ok(HiddenCodes(known.into_iter().collect()))
    }

    /// The text without them.
    pub(super) fn out_of(&self, text: &str) -> String {
        with_words(text, |word| may_be(word).any(|code| self.0.contains(&code)).then(|| masked(word)))
    }

    /// The value without them in any of its texts.
    pub(super) fn out_of_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.out_of(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.out_of_value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.out_of_value(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Every text within a value.
pub(super) fn texts_of(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts_of).collect(),
        Value::Object(fields) => fields.values().flat_map(texts_of).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// The codes that a word may be or begin with: the login of a voucher's second device is its code and `-2`.
fn may_be(word: &str) -> impl Iterator<Item = String> {
    let place = word.rsplit_once('-').filter(|(_, place)| place.bytes().all(|digit| digit.is_ascii_digit()));
    [Some(word), place.map(|(code, _)| code)].into_iter().flatten().map(stored_code)
}

fn masked(word: &str) -> String {
    word.chars().take(SHOWN).chain("***".chars()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn codes_are_hidden_wherever_they_stand_and_nothing_else_is() {
        let codes = HiddenCodes(["ABCD2345".to_owned(), "77778888".to_owned()].into());
        assert_eq!(codes.out_of("user abcd2345-2 (6), ABCD2346"), "user ab*** (6), ABCD2346");
        let mut detail = json!({"login": "ABCD2345", "no": 77_778_888, "commands": ["/x =user=77778888"]});
        assert_eq!(texts_of(&detail).len(), 2);
        codes.out_of_value(&mut detail);
        assert_eq!(detail, json!({"login": "AB***", "no": 77_778_888, "commands": ["/x =user=77***"]}));
    }
}
