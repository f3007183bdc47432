//! Lists that come in pages, read to their end.

use serde::Deserialize;
use serde_json::Value;

use super::answer::Answer;
use super::http::{Client, Query};
use crate::failure::Failure;

/// One page of any list.
#[derive(Debug, Deserialize)]
pub(crate) struct Page<T> {
    /// The items.
    pub(crate) items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<String>,
}

/// All pages of one list, each as it came.
#[derive(Debug)]
pub(crate) struct Pages(pub(crate) Vec<Answer>);

/// Reads a list to its end.
///
/// # Errors
/// As [`Client::get`]; also when the server's cursor does not move on.
pub(crate) async fn all_pages(client: &Client, path: &[&str], query: &Query<'_>) -> Result<Pages, Failure> {
    let mut pages = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut query = query.to_vec();
        query.push(("cursor", cursor.as_deref()));
        let answer = client.get(path, &query).await?;
        let next = answer.read::<Page<serde::de::IgnoredAny>>()?.next;
        pages.push(answer);
        match next {
            None => return Ok(Pages(pages)),
            Some(next) if cursor.as_ref() == Some(&next) => {
                return Err(Failure::said("the server's list does not move on; please report this"));
            }
            next => cursor = next,
        }
    }
}

impl Pages {
    /// The list as one answer.
    ///
    /// # Errors
    /// As [`Pages::json`].
    pub(crate) fn joined(&self) -> Result<Answer, Failure> {
        let simulated = self.0.first().is_some_and(|page| page.simulated);
        Ok(Answer { text: self.json()?, simulated })
    }

    /// The list as one JSON document: the server's own words when it is one page, else the last page with the
    /// items of all.
    ///
    /// # Errors
    /// When a page is no JSON object.
    pub(crate) fn json(&self) -> Result<String, Failure> {
        if let [only] = self.0.as_slice() {
            return Ok(only.text.clone());
        }
        let mut items = Vec::new();
        let mut whole = Value::Null;
        for page in &self.0 {
            whole = page.read()?;
            if let Some(more) = whole.get_mut("items").and_then(Value::as_array_mut) {
                items.append(more);
            }
        }
        if let Some(slot) = whole.get_mut("items") {
            *slot = Value::Array(items);
        }
        Ok(whole.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(texts: &[&str]) -> Pages {
        let answer = |text: &&str| Answer { text: (*text).to_owned(), simulated: false };
        Pages(texts.iter().map(answer).collect())
    }

    #[test]
    fn one_page_is_given_on_as_it_is() {
        let text = "{\"z\":1,  \"items\":[],\"next\":null}";
        assert_eq!(pages(&[text]).json().unwrap(), text);
    }

    #[test]
    fn several_pages_become_one_list() {
        let joined =
            pages(&[r#"{"items":[1,2],"next":"a","sum":1}"#, r#"{"items":[3],"next":null,"sum":2}"#]);
        assert_eq!(joined.json().unwrap(), r#"{"items":[1,2,3],"next":null,"sum":2}"#);
    }
}
