//! Words that people search with.

use operations::Identity;
use store::{MOST_WORDS, SearchWords};

use super::hidden_codes::reads_codes;
use crate::problem::Problem;

/// Longest search, characters.
const LONGEST: usize = 200;

/// The words of `q`, which all have to be found. Who may not read codes of vouchers finds nobody by one.
pub(crate) fn words(q: Option<&str>, reader: &Identity) -> Result<SearchWords, Problem> {
    let words: Vec<String> = q.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    if words.len() > MOST_WORDS {
        return Err(Problem::bad_request(format!(
            "q has {} words, but at most {MOST_WORDS} are looked for at once; leave some out.",
            words.len()
        )));
    }
    if words.iter().map(|word| word.chars().count()).sum::<usize>() > LONGEST {
        return Err(Problem::bad_request(format!("q is longer than {LONGEST} characters; shorten it.")));
    }
    if words.iter().any(|word| word.contains('\0')) {
        return Err(Problem::bad_request("q has a character 0, which is in no name; leave it out."));
    }
    Ok(SearchWords { words, without_codes: !reads_codes(reader) })
}
