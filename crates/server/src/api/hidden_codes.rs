//! Codes of vouchers in what viewers may read: whoever reads one there can go online with it, so they see its first signs only. A code in
//! use is a login too: wherever an answer names one, it is hidden by [`hide_logins`]; the journal and the log are read word by word.

use std::collections::HashSet;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use operations::{Identity, OperationError, Operations, stored_code};
use serde_json::Value;

use crate::api::model::name::Name;
use crate::auth::{Ability, may};
use crate::problem::Problem;
use crate::state::ServerState;
use crate::text::{with_words, words};

/// Fields of answers that name a login, the counter of one, or a subscriber, whose name may be that of their login; and those of findings, in
/// which one may stand.
const LOGINS: [&str; 8] = ["username", "user", "login", "counter", "subscriber", "about", "what", "command"];

/// Signs that are shown of one, so that two can be told apart in a conversation and none can be used.
const SHOWN: usize = 2;

/// Codes that are not to be read in some texts.
pub(super) struct HiddenCodes(HashSet<String>);

/// Words that may be codes.
pub(super) struct Candidates(HashSet<String>);

impl Candidates {
    /// Those in these texts: none for who may list vouchers.
    pub(super) fn in_texts<'t>(reader: &Identity, texts: impl Iterator<Item = &'t str>) -> Candidates {
        match reads_codes(reader) {
            true => Candidates(HashSet::new()),
            false => Candidates(texts.flat_map(words).flat_map(may_be).collect()),
        }
    }
}

/// Whether they may read codes anyway, as they may list vouchers.
pub(super) fn reads_codes(reader: &Identity) -> bool {
    may(reader.role, Ability::LookCodes)
}

/// Around every request: logins that are codes are hidden in what viewers are answered as JSON.
pub(crate) async fn hide_logins(State(state): State<ServerState>, request: Request, next: Next) -> Response {
    let reader = request.extensions().get::<Identity>().cloned();
    let answer = next.run(request).await;
    let is_json = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    match reader.filter(|reader| is_json && !reads_codes(reader)) {
        Some(reader) => {
            without_logins(&state, &reader, answer).await.unwrap_or_else(IntoResponse::into_response)
        }
        None => answer,
    }
}

async fn without_logins(
    state: &ServerState,
    reader: &Identity,
    answer: Response,
) -> Result<Response, Problem> {
    let (mut parts, body) = answer.into_parts();
    let broken = |_| Problem::internal("The answer could not be read again; nothing was changed. Ask again.");
    // It is in memory as a whole already.
    let bytes = to_bytes(body, usize::MAX).await.map_err(broken)?;
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
        return Ok(Response::from_parts(parts, Body::from(bytes)));
    };
    let candidates = Candidates::in_texts(reader, logins_of(&value).into_iter());
    let codes = HiddenCodes::of(&state.operations, candidates).await?;
    if codes.0.is_empty() {
        return Ok(Response::from_parts(parts, Body::from(bytes)));
    }
    codes.out_of_logins(&mut value);
    parts.headers.remove(CONTENT_LENGTH);
    Ok(Response::from_parts(parts, Body::from(value.to_string())))
}

/// Hides codes among names that are not answered as JSON of one piece.
pub(super) async fn hide_names(
    operations: &Operations,
    reader: &Identity,
    names: Vec<&mut Name>,
) -> Result<(), OperationError> {
    let texts: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    let candidates = Candidates::in_texts(reader, texts.iter().map(String::as_str));
    let codes = HiddenCodes::of(operations, candidates).await?;
    for (name, text) in names.into_iter().zip(texts) {
        let hidden = codes.out_of(&text);
        if hidden != text {
            *name = Name::from(hidden.as_bytes());
        }
    }
    Ok(())
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

    /// The value without them in what names a login.
    fn out_of_logins(&self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.out_of_logins(item)),
            Value::Object(fields) => {
                for (field, value) in fields {
                    match value {
                        Value::String(text) if LOGINS.contains(&&**field) => *text = self.out_of(text),
                        value => self.out_of_logins(value),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
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

/// Every text within a value that names a login.
fn logins_of(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().flat_map(logins_of).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(field, value)| match value {
                Value::String(text) if LOGINS.contains(&&**field) => vec![&**text],
                value => logins_of(value),
            })
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
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

    #[test]
    fn what_names_no_login_stays_as_it_is() {
        let codes = HiddenCodes(["77778888".to_owned()].into());
        let mut answer = json!({"items": [{"username": "77778888-2", "router": "77778888", "n": 77_778_888}], "user": null});
        assert_eq!(logins_of(&answer), ["77778888-2"]);
        codes.out_of_logins(&mut answer);
        let hidden =
            json!({"items": [{"username": "77***", "router": "77778888", "n": 77_778_888}], "user": null});
        assert_eq!(answer, hidden);
    }
}
