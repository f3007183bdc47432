//! `tikmeter import customers`: the customers of the customer traffic monitor, all of them or none.
//!
//! * `source`: where they are; `columns`: what of their table is taken
//! * `mapping`, of each `customer`: a file of subscribers, its rows in the lines of theirs (`lined_file`)
//! * `told`: what is said of it

mod columns;
mod customer;
mod lined_file;
mod mapping;
mod source;
mod told;

use crate::cli::caller::Caller;
use crate::cli::consent;
use crate::cli::upload::{self, Imported, Refused};
use crate::client::{Answer, Upload};
use crate::failure::Failure;

use mapping::Mapped;
use source::SourceArgs;

/// Customers to import.
#[derive(Debug, clap::Args)]
pub(crate) struct CustomersArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// A router that has another name here: the customers' mikrotik_id, and the router's name. May be said again
    #[arg(long = "router", value_name = "OLD=NEW", value_parser = renamed)]
    routers: Vec<(String, String)>,
    /// Only tell what would happen
    #[arg(long)]
    dry_run: bool,
    /// On a terminal: import without showing first what would happen and asking
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
}

impl CustomersArgs {
    /// Reads the customers, sends them as a file of subscribers and shows what it came to.
    ///
    /// # Errors
    /// One sentence; nothing was imported then.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let found = self.source.read().await?;
        let routers = self.routers.iter().cloned().collect();
        let name = found.name.as_str();
        let mut mapped = match mapping::mapped(&found.csv, &routers) {
            Ok(mapped) => mapped,
            Err(faults) => return refused(caller, &Refused::unsent(faults), name),
        };
        mapped.left_columns.extend(found.left);
        let asked = self.is_to_ask();
        if asked && !look_first(caller, &mapped, name).await? {
            return Err(Failure::said("nothing was imported: the answer was not yes"));
        }
        match upload::send(caller, mapped.file.clone(), self.dry_run).await? {
            Upload::Taken(answer) => self.taken(caller, &answer, &mapped, name, asked),
            Upload::Refused(answer) => refused(caller, &in_their_words(caller, &answer, &mapped)?, name),
        }
    }

    /// A script has nobody to ask.
    fn is_to_ask(&self) -> bool {
        !self.dry_run && !self.yes && consent::can_be_asked()
    }

    fn taken(
        &self,
        caller: &Caller,
        answer: &Answer,
        mapped: &Mapped,
        name: &str,
        asked: bool,
    ) -> Result<(), Failure> {
        caller.note_simulated(answer.simulated);
        let text = match (caller.terminal.json(), asked) {
            (true, _) => told::json(&answer.read()?, mapped, self.dry_run),
            // Who is not taken was told with the question.
            (false, true) => answer.read::<Imported>()?.told(name, false),
            (false, false) => told::text(&answer.read()?, mapped, name, self.dry_run),
        };
        Ok(caller.terminal.line(&text)?)
    }
}

/// Shows what would happen and asks whether it shall. Where nothing would, nobody is asked.
async fn look_first(caller: &Caller, mapped: &Mapped, name: &str) -> Result<bool, Failure> {
    match upload::send(caller, mapped.file.clone(), true).await? {
        // The import itself is refused in the same way, and tells it.
        Upload::Refused(_) => Ok(true),
        Upload::Taken(answer) => {
            let imported: Imported = answer.read()?;
            caller.terminal.remark(&told::text(&imported, mapped, name, true));
            Ok(imported.new + imported.changed == 0
                || consent::says_yes(&caller.terminal, "Import them now?", "nothing was imported")?)
        }
    }
}

fn in_their_words(caller: &Caller, answer: &Answer, mapped: &Mapped) -> Result<Refused, Failure> {
    caller.note_simulated(answer.simulated);
    let mut refused: Refused = answer.read()?;
    refused.faults = refused.faults.into_iter().map(|fault| mapped.in_their_words(fault)).collect();
    Ok(refused)
}

fn refused(caller: &Caller, refused: &Refused, name: &str) -> Result<(), Failure> {
    if !refused.faults.is_empty() {
        let text = if caller.terminal.json() { told::refused_json(refused) } else { refused.table() };
        caller.terminal.line(&text)?;
    }
    Err(Failure::said(told::sentence(refused, name)))
}

/// A router's old and new name.
fn renamed(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.to_owned(), new.to_owned())),
        _ => Err("write the customers' mikrotik_id, =, and the router's name".to_owned()),
    }
}
