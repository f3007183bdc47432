//! `tikmeter import phpnuxbill`: routers, plans and customers out of a dump of PHPNuxBill's database, all of it or nothing.
//!
//! * `tokens`, `dump`: rows of the tables in an SQL file
//! * `tables`: which tables and columns are taken
//! * `plans`, `routers`, `customers`: what each becomes
//! * `told`: what is said of it

mod customers;
mod dump;
mod plans;
mod routers;
mod tables;
mod tokens;
mod told;

use std::io::Read;
use std::path::{Path, PathBuf};

use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use crate::cli::caller::Caller;
use crate::cli::consent;
use crate::failure::Failure;
use customers::Customers;
use plans::Plans;
use routers::Routers;
use told::{Imported, Left};

/// A dump that is longer is not read: without the tables of logs and payments none is.
const MOST_BYTES: u64 = 512 << 20;

/// A dump to import.
#[derive(Debug, clap::Args)]
pub(crate) struct PhpNuxBillArgs {
    /// The dump, as mysqldump or phpMyAdmin writes it; `-` for standard input
    #[arg(value_name = "FILE.sql")]
    file: PathBuf,
    /// The IANA zone of its dates, where the dump does not say it
    #[arg(long, value_name = "ZONE", value_parser = crate::quantity::zone)]
    zone: Option<String>,
    /// Leave its routers out: the customers' logins count on routers that are here already
    #[arg(long)]
    without_routers: bool,
    /// Only tell what would happen
    #[arg(long)]
    dry_run: bool,
    /// On a terminal: import without showing first what would happen and asking
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
}

/// What is sent.
#[derive(Debug, Serialize)]
struct Whole {
    routers: Vec<routers::Router>,
    plans: Vec<plans::Plan>,
    subscribers: String,
}

impl PhpNuxBillArgs {
    /// Reads the dump, shows what would happen and asks; then sends it.
    ///
    /// # Errors
    /// One sentence; nothing was imported then.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let (whole, left) = self.whole(&read(&self.file)?)?;
        if self.dry_run {
            let (answer, imported) = send(caller, &whole, true).await?;
            return show(caller, &answer, &imported, &left, true);
        }
        if !self.yes && consent::can_be_asked() && !look_first(caller, &whole, &left).await? {
            return Err(Failure::said("nothing was imported: the answer was not yes"));
        }
        let (answer, imported) = send(caller, &whole, false).await?;
        show(caller, &answer, &imported, &left, false)
    }

    fn whole(&self, dump: &[u8]) -> Result<(Whole, Left), Failure> {
        let wrong =
            |why: String| Failure::said(format!("nothing was imported: {}: {why}", self.file.display()));
        let tables = tables::read(dump).map_err(wrong)?;
        let mut left = Left::default();
        let routers = Routers::of(&tables, &mut left);
        let plans = Plans::of(&tables, &mut left);
        let zone = self.zone.clone().or_else(|| tables.zone());
        let customers =
            Customers { tables: &tables, routers: &routers, plans: &plans, zone: zone.as_deref() };
        let subscribers = customers.file(&mut left).map_err(wrong)?;
        let routers = if self.without_routers { Vec::new() } else { routers.all };
        Ok((Whole { routers, plans: plans.all, subscribers }, left))
    }
}

async fn send(caller: &Caller, whole: &Whole, dry_run: bool) -> Result<(Value, Imported), Failure> {
    let path: &[&str] = &["imports"];
    let query = [("dry_run", dry_run.then_some("true"))];
    let answer = caller.client.send_with(Method::POST, path, &query, whole).await?;
    caller.note_simulated(answer.simulated);
    Ok((answer.read()?, answer.read()?))
}

fn show(
    caller: &Caller,
    answer: &Value,
    imported: &Imported,
    left: &Left,
    dry_run: bool,
) -> Result<(), Failure> {
    let text = match caller.terminal.json() {
        true => told::json(answer, left),
        false => told::text(imported, left, dry_run),
    };
    Ok(caller.terminal.line(&text)?)
}

/// Shows what would happen and asks whether it shall. Where nothing would, nobody is asked.
async fn look_first(caller: &Caller, whole: &Whole, left: &Left) -> Result<bool, Failure> {
    let (_, imported) = send(caller, whole, true).await?;
    caller.terminal.remark(&told::text(&imported, left, true));
    Ok(imported.changes_nothing()
        || consent::says_yes(&caller.terminal, "Import it now?", "nothing was imported")?)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let not_read = |error| Failure::said(format!("the file {} cannot be read: {error}", path.display()));
    let mut bytes = Vec::new();
    let most = MOST_BYTES + 1;
    let read = match path == Path::new("-") {
        true => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        false => std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    match read.map_err(not_read)? as u64 {
        ..=MOST_BYTES => Ok(bytes),
        _ => Err(Failure::said(format!(
            "the file {} is larger than 512 MiB; dump only {}",
            path.display(),
            tables::TAKEN.join(" ")
        ))),
    }
}
