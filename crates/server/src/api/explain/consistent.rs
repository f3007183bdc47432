//! A total and its entries as of one moment, although counting goes on while they are read.

use operations::{ExplainSubject, Explanation, OperationError, Operations};
use store::EntryKey;

use crate::problem::{self, Problem};

/// How often a reading may be committed in between.
const TRIES: usize = 8;

/// A page of the explanation. Total and entries are read one after the other, so a page is believed when the total
/// after it is the total before it.
pub(super) async fn explanation(
    operations: &Operations,
    subject: &ExplainSubject,
    after: Option<EntryKey>,
    limit: u32,
) -> Result<Explanation, Problem> {
    let read = async || -> Result<Explanation, OperationError> {
        operations.explain(subject.clone(), after, limit).await
    };
    let mut page = read().await.map_err(problem::in_query)?;
    for _ in 0..TRIES {
        let again = read().await.map_err(problem::in_query)?;
        if again.total == page.total {
            return Ok(page);
        }
        page = again;
    }
    Err(Problem::unavailable(
        "The total moved on each time it was read, so it was not told half. Nothing is wrong; ask again in a moment.",
    ))
}
