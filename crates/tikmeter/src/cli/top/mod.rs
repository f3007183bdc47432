//! `tikmeter top`: who moves most at the moment, from the readings that are taken anyway.
//!
//! * `answer`, `figures`: what the server says, and how figures are put
//! * `list`: once, as a table
//! * `screen`: again and again, on a terminal: what is shown is a `View`, which `draw` puts onto the terminal and `keys` and
//!   answers change; `watching` asks for live samples of a chosen one

mod answer;
mod columns;
mod draw;
#[cfg(test)]
mod example;
mod figures;
mod history;
mod keys;
mod list;
mod panel;
mod question;
mod screen;
mod view;
mod watching;

use std::io::IsTerminal;

use crate::cli::caller::Caller;
use crate::cli::paging::count;
use crate::failure::Failure;
use answer::Sort;
use question::Question;

/// Who moves most at the moment.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A rate is the mean between the two latest readings of a router; `over` tells how long that is, `age` how \
                        long ago it ended. Keys: arrows or j k choose, d u t sort, Enter watches the chosen subscriber live, q ends."
)]
pub(crate) struct TopArgs {
    /// By what they are ranked
    #[arg(long, default_value = "total")]
    sort: Sort,
    /// At most this many
    #[arg(long, value_name = "N", value_parser = count, default_value = "100")]
    limit: String,
    /// Only on this router
    #[arg(long)]
    router: Option<String>,
    /// Only what is carried by this, such as pppoe, hotspot or static_ip
    #[arg(long)]
    service: Option<String>,
    /// Print a list once, and end
    #[arg(long)]
    once: bool,
}

impl TopArgs {
    /// Shows them.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(self, caller: &Caller) -> Result<(), Failure> {
        let question =
            Question { sort: self.sort, limit: self.limit, router: self.router, service: self.service };
        if self.once || caller.terminal.json() {
            let answer = question.ask(&caller.client).await?;
            return caller.show(&answer, list::text);
        }
        refuse_no_terminal()?;
        screen::run(caller, question).await
    }
}

/// What moves a cursor is written to nothing else.
fn refuse_no_terminal() -> Result<(), Failure> {
    let lacks = match std::env::var("TERM") {
        _ if !std::io::stdout().is_terminal() => "standard output is no terminal",
        _ if !std::io::stdin().is_terminal() => "standard input is no terminal, so no key can be read",
        Ok(term) if term == "dumb" => "this terminal (TERM=dumb) cannot move a cursor",
        _ => return Ok(()),
    };
    Err(Failure::usage(format!("{lacks}; give --once for a list, or --json for the server's answer")))
}
