//! `tikmeter import pisonet`: vouchers out of the database of the piso-net tool, of which no more is known than what its document names
//! (compat.md 001). So columns are found by a list of names, shown, and whatever the list does not have is said by whoever imports.
//!
//! * `meaning`: what a column can mean, and its usual names
//! * `found`: which table and columns of a file those are
//! * `reading`, with its `moment`s: what a row becomes, a `voucher`; `rows`: all of them
//! * `told`: what is said of it

mod found;
mod meaning;
mod moment;
mod reading;
mod rows;
mod told;
mod voucher;

use std::path::PathBuf;

use reqwest::Method;

use crate::cli::caller::Caller;
use crate::cli::consent;
use crate::failure::Failure;
use found::Found;
use meaning::Meaning;
use reading::{Reading, Said};
use rows::Vouchers;
use told::Imported;

/// A database to import.
#[derive(Debug, clap::Args)]
pub(crate) struct PisoNetArgs {
    /// The database file, `instance/pisonet.db` in the old program's folder
    #[arg(value_name = "FILE.db")]
    file: PathBuf,
    /// The table of vouchers, where it is called otherwise than vouchers
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// What a column means that has another name than usual, for example code=pin. Meanings: code, plan, price, validity (like 30m, 1h,
    /// 2d), users, up, down, developer, used (0 or 1), first_used and ends (dates), left (seconds). May be said again
    #[arg(long = "column", value_name = "MEANING=COLUMN", value_parser = meaning::said)]
    columns: Vec<(Meaning, String)>,
    /// How long vouchers last whose row does not say it
    #[arg(long, value_parser = crate::quantity::validity)]
    validity: Option<String>,
    /// Of what plain numbers in its validity column are
    #[arg(long, value_name = "UNIT", value_parser = ["minutes", "hours", "days"])]
    validity_in: Option<String>,
    /// None of them was used, where no column says it
    #[arg(long)]
    none_used: bool,
    /// Who sells them
    #[arg(long)]
    seller: Option<String>,
    /// The IANA zone of its dates
    #[arg(long, value_name = "ZONE", value_parser = crate::quantity::zone)]
    zone: Option<String>,
    /// Only tell what would happen
    #[arg(long)]
    dry_run: bool,
    /// On a terminal: import without showing first what would happen and asking
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
}

impl PisoNetArgs {
    /// Reads the file, shows what would happen and asks; then sends it.
    ///
    /// # Errors
    /// One sentence; nothing was imported then.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let wrong =
            |why: String| Failure::said(format!("nothing was imported: {}: {why}", self.file.display()));
        let found = Found::in_file(&self.file, self.table.as_deref(), &self.columns).map_err(wrong)?;
        let reading = Reading::new(&found, self.said()).map_err(wrong)?;
        let vouchers = Vouchers::of(&found, &reading);
        if self.dry_run {
            let imported = send(caller, &vouchers, true).await?;
            return self.show(caller, &found, &imported, &vouchers);
        }
        if !self.yes && consent::can_be_asked() && !self.look_first(caller, &found, &vouchers).await? {
            return Err(Failure::said("nothing was imported: the answer was not yes"));
        }
        let imported = send(caller, &vouchers, false).await?;
        self.show(caller, &found, &imported, &vouchers)
    }

    fn said(&self) -> Said<'_> {
        Said {
            validity: self.validity.as_deref(),
            validity_in: self.validity_in.as_deref(),
            none_used: self.none_used,
            seller: self.seller.as_deref(),
            zone: self.zone.as_deref(),
        }
    }

    fn show(
        &self,
        caller: &Caller,
        found: &Found,
        imported: &Imported,
        vouchers: &Vouchers,
    ) -> Result<(), Failure> {
        let text = match caller.terminal.json() {
            true => told::json(found, imported, vouchers),
            false => told::text(found, imported, vouchers, self.dry_run),
        };
        Ok(caller.terminal.line(&text)?)
    }

    /// Shows what would happen and asks whether it shall. Where nothing would, nobody is asked.
    async fn look_first(&self, caller: &Caller, found: &Found, vouchers: &Vouchers) -> Result<bool, Failure> {
        let imported = send(caller, vouchers, true).await?;
        caller.terminal.remark(&told::text(found, &imported, vouchers, true));
        Ok(imported.new == 0
            || consent::says_yes(&caller.terminal, "Import them now?", "nothing was imported")?)
    }
}

async fn send(caller: &Caller, vouchers: &Vouchers, dry_run: bool) -> Result<Imported, Failure> {
    let query = [("dry_run", dry_run.then_some("true"))];
    let path = ["imports", "vouchers"];
    let answer = caller.client.send_with(Method::POST, &path, &query, &vouchers.import()).await?;
    caller.note_simulated(answer.simulated);
    answer.read()
}
