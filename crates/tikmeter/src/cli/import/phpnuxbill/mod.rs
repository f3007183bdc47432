//! `tikmeter import phpnuxbill`: routers, plans and customers out of PHPNuxBill's database or a dump of it, all of it or nothing.
//!
//! * `connection`, at an `address`: rows of the tables in the database itself
//! * `tokens`, `dump`: rows of the tables in an SQL file
//! * `tables`: which tables and columns are taken
//! * `plans`, `routers`, `customers`: what each becomes
//! * `told`: what is said of it

mod address;
mod connection;
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
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;

use crate::cli::caller::Caller;
use crate::cli::consent;
use crate::cli::import::from::{self, From};
use crate::cli::import::left::Left;
use crate::failure::Failure;
use address::Address;
use customers::Customers;
use plans::Plans;
use routers::Routers;
use tables::Tables;
use told::Imported;

/// A dump that is longer is not read: without the tables of logs and payments none is.
const MOST_BYTES: u64 = 512 << 20;

/// What to import.
#[derive(Debug, clap::Args)]
pub(crate) struct PhpNuxBillArgs {
    /// A dump, as mysqldump or phpMyAdmin writes it; `-` for standard input
    #[arg(value_name = "FILE.sql", conflicts_with_all = ["from", "from_file"])]
    file: Option<PathBuf>,
    /// Its database, mysql://user:password@host/database (better: --from-file, which other users of this host cannot see), or a dump.
    /// Another host has to show a certificate, unless the URL ends in ?ssl-mode=required or ?ssl-mode=disabled; &ssl-ca=FILE.pem
    /// names who vouches for it [env: TIKMETER_IMPORT_FROM]
    #[arg(long, value_name = "URL|FILE.sql", conflicts_with = "from_file")]
    from: Option<SecretString>,
    /// A file whose first line is that URL
    #[arg(long, value_name = "FILE")]
    from_file: Option<PathBuf>,
    /// The IANA zone of its dates, where its settings do not say it
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

/// How many rows of tables that are taken stand in a dump; `None` where it is none.
pub(crate) fn rows_of_dump(dump: &[u8]) -> Option<usize> {
    let tables = dump::read(dump, &tables::TAKEN).ok()?;
    Some(tables.values().map(|table| table.rows.len()).sum())
}

impl PhpNuxBillArgs {
    /// Reads it, shows what would happen and asks; then sends it.
    ///
    /// # Errors
    /// One sentence; nothing was imported then.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let (whole, left) = self.whole(&self.found().await?)?;
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

    async fn found(&self) -> Result<Found, Failure> {
        let said = from::said(self.file.as_ref(), self.from.as_ref(), self.from_file.as_ref(), nowhere)?;
        match said {
            From::File(file) => {
                let place = file.display().to_string();
                let tables = tables::read(&read(&file)?).map_err(|why| nothing(&place, &why))?;
                Ok(Found { place, tables })
            }
            From::Url(url) => {
                let address = Address::parse(url.expose_secret());
                let address = address.map_err(|why| Failure::usage(format!("--from: {why}")))?;
                let place = address.to_string();
                let tables = connection::read(&address).await.map_err(|why| nothing(&place, &why))?;
                Ok(Found { place, tables })
            }
        }
    }

    fn whole(&self, found: &Found) -> Result<(Whole, Left), Failure> {
        let wrong = |why: String| nothing(&found.place, &why);
        let tables = &found.tables;
        let mut left = Left::default();
        let routers = Routers::of(tables, &mut left);
        let plans = Plans::of(tables, &mut left);
        let zone = self.zone.clone().or_else(|| tables.zone());
        let customers = Customers { tables, routers: &routers, plans: &plans, zone: zone.as_deref() };
        let subscribers = customers.file(&mut left).map_err(wrong)?;
        let routers = if self.without_routers { Vec::new() } else { routers.all };
        Ok((Whole { routers, plans: plans.all, subscribers }, left))
    }
}

/// What was found, and where.
struct Found {
    place: String,
    tables: Tables,
}

fn nothing(place: &str, why: &str) -> Failure {
    Failure::said(format!("nothing was imported: {place}: {why}"))
}

fn nowhere() -> Failure {
    Failure::usage(format!(
        "it is to be said where PHPNuxBill's data are: a dump, or its database by --from-file FILE, {} or --from, with \
         mysql://user:password@host/database",
        from::VARIABLE
    ))
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
