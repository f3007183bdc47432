//! Flags of lists that can be long.

use crate::client::{Page, Query};

/// Which part of a list.
#[derive(Debug, clap::Args)]
pub(crate) struct PagingArgs {
    /// At most this many
    #[arg(long, value_name = "N", value_parser = count)]
    limit: Option<String>,
    /// Read on from where an earlier answer ended
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

impl PagingArgs {
    /// The request's parameters: `others` and these.
    pub(crate) fn query<'a>(&'a self, others: &Query<'a>) -> Vec<(&'a str, Option<&'a str>)> {
        let own = [("limit", self.limit.as_deref()), ("cursor", self.cursor.as_deref())];
        [others, &own].concat()
    }
}

/// A number of items.
pub(crate) fn count(text: &str) -> Result<String, String> {
    match text.parse::<u32>() {
        Ok(count) if count > 0 => Ok(count.to_string()),
        _ => Err("a whole number from 1 on is expected".to_owned()),
    }
}

/// The line below a page that is not the last one.
pub(crate) fn more<T>(page: &Page<T>) -> String {
    match &page.next {
        Some(next) => format!("There are more: repeat the command with --cursor {next}\n"),
        None => String::new(),
    }
}
