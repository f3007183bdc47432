//! What the `edit` commands send: what was given and nothing else, `none` as null.

use serde_json::{Map, Value};

/// The fields that were given.
pub(crate) fn given<'a>(fields: impl IntoIterator<Item = (&'a str, Option<Value>)>) -> Map<String, Value> {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// A text, or null for the wish to have none.
pub(crate) fn text(text: &String) -> Value {
    if text == "none" { Value::Null } else { Value::from(text.as_str()) }
}

/// Reads a text by `parse`, except the wish to have none.
///
/// # Errors
/// Those of `parse`.
pub(crate) fn or_none(text: &str, parse: impl Fn(&str) -> Result<String, String>) -> Result<String, String> {
    if text == "none" { Ok(text.to_owned()) } else { parse(text) }
}
