//! `tikmeter backup ...`: copies of the whole database in one file, made while servers run, and put back.

mod list;
mod passphrase;
mod told;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use operations::{Clock, SystemClock, check_passphrase};
use secrecy::SecretString;
use store::{
    Backup, BackupError, BackupOrigin, Checked, NewAudit, Restore, RestoreTarget, Restored, check_backup,
};
use tokio_util::sync::CancellationToken;

use crate::config::{DatabaseUrl, Layer, Settings, Surroundings, load};
use crate::failure::Failure;
use crate::output::Terminal;
use crate::signals;

use passphrase::PassphraseArgs;

/// The SQLite file by which a backup comes into PostgreSQL, within the data folder.
const WAY: &str = "restore.db";

/// What can be done with backups.
#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Copy the database into one file, whether a server runs or not
    Create(CreateArgs),
    /// Look at every sum of a backup, without writing anything
    Verify(FileArgs),
    /// List the backups of a folder, the newest first; their sums are not looked at
    List(ListArgs),
    /// Put a backup into the database of the configuration, which must be empty. No server may run meanwhile. The key to the
    /// routers' passwords is in no backup
    Restore(RestoreArgs),
}

/// Which configuration, for the database that it names.
#[derive(Debug, clap::Args)]
pub(crate) struct ConfigurationArgs {
    /// The configuration file [default: ./tikmeter.toml, else /etc/tikmeter/tikmeter.toml]
    #[arg(long = "config", env = "TIKMETER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What is made.
#[derive(Debug, clap::Args)]
pub(crate) struct CreateArgs {
    /// The file, which must not be there yet [default: one of this moment in the folder of backups]
    file: Option<PathBuf>,
    /// Refuse to write one that can be read without a passphrase
    #[arg(long)]
    encrypt: bool,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    #[command(flatten)]
    configuration: ConfigurationArgs,
}

/// What is looked at.
#[derive(Debug, clap::Args)]
pub(crate) struct FileArgs {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

/// Which are listed.
#[derive(Debug, clap::Args)]
pub(crate) struct ListArgs {
    /// The folder [default: that of the configuration]
    folder: Option<PathBuf>,
    #[command(flatten)]
    configuration: ConfigurationArgs,
}

/// What is put back.
#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    /// The backup
    file: PathBuf,
    /// Put aside what is in the database, under another name
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    #[command(flatten)]
    configuration: ConfigurationArgs,
}

impl ConfigurationArgs {
    fn settings(&self, flags: Layer) -> Result<Settings, Failure> {
        let loaded = load(&Surroundings::of_process(), self.config.as_deref(), flags);
        loaded.and_then(|loaded| loaded.settings()).map_err(|problems| {
            Failure::said(format!("the configuration is wrong, and nothing was done: {problems}"))
        })
    }
}

impl BackupCommand {
    /// Carries it out. `flags` are those of the whole command line that are keys too.
    ///
    /// # Errors
    /// What stood in the way, what is still as it was, and what to do.
    pub(crate) async fn run(self, terminal: &Terminal, flags: Layer) -> Result<(), Failure> {
        match self {
            BackupCommand::Create(args) => args.run(terminal, flags).await,
            BackupCommand::Verify(args) => args.run(terminal).await,
            BackupCommand::List(args) => args.run(terminal, flags),
            BackupCommand::Restore(args) => args.run(terminal, flags).await,
        }
    }
}

impl CreateArgs {
    async fn run(self, terminal: &Terminal, flags: Layer) -> Result<(), Failure> {
        let settings = self.configuration.settings(flags)?;
        let passphrase = self.passphrase.read(settings.backup.passphrase_file.as_deref())?;
        if self.encrypt && passphrase.is_none() {
            return Err(passphrase::lacks());
        }
        if let Some(passphrase) = &passphrase {
            check_passphrase(passphrase).map_err(Failure::usage)?;
        }
        let now = SystemClock::new().now();
        let file = match self.file {
            Some(file) => file,
            None => operations::new_file(&settings.backup.folder, now).map_err(Failure::said)?,
        };
        let (origin, to) = (origin_of(&settings.database), file.clone());
        let made = on_thread(move || Backup::new(&origin, now).sealed_with(passphrase.as_ref()).write(&to));
        told::made(terminal, &file, &made.await?)
    }
}

impl FileArgs {
    async fn run(self, terminal: &Terminal) -> Result<(), Failure> {
        let passphrase = self.passphrase.read(None)?;
        let file = self.file.clone();
        let checked = on_thread(move || check_backup(&file, passphrase.as_ref())).await?;
        told::checked(terminal, &self.file, &checked)
    }
}

impl ListArgs {
    fn run(self, terminal: &Terminal, flags: Layer) -> Result<(), Failure> {
        let folder = match self.folder {
            Some(folder) => folder,
            None => self.configuration.settings(flags)?.backup.folder,
        };
        let found = operations::found(&folder).map_err(Failure::said)?;
        list::show(terminal, &folder, &found)
    }
}

impl RestoreArgs {
    async fn run(self, terminal: &Terminal, flags: Layer) -> Result<(), Failure> {
        let settings = self.configuration.settings(flags)?;
        let passphrase = self.passphrase.read(settings.backup.passphrase_file.as_deref())?;
        crate::data_folder::prepare(&settings.data)?;
        let target = target_of(&settings.database, &settings.data);
        let stop = CancellationToken::new();
        signals::cancel_on_stop(&stop)?;
        let (file, replace) = (self.file.clone(), self.replace);
        let restored =
            on_thread(move || restored(&file, &target, passphrase.as_ref(), replace, &stop)).await?;
        let key = crate::data_folder::key_file(&settings.data);
        told::restored(terminal, &settings.database.shown(), &key, &restored)
    }
}

fn restored(
    file: &Path,
    target: &RestoreTarget,
    passphrase: Option<&SecretString>,
    replace: bool,
    stop: &CancellationToken,
) -> Result<Restored, BackupError> {
    let act = NewAudit::by_system(SystemClock::new().now(), "backup.restore", "database");
    let restore = Restore::new(file, target, act).opened_with(passphrase).replacing(replace);
    restore.run(&mut |_| if stop.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
}

/// What is copied.
fn origin_of(database: &DatabaseUrl) -> BackupOrigin {
    match database.clone() {
        DatabaseUrl::Sqlite(file) => BackupOrigin::Sqlite(file),
        DatabaseUrl::Postgres(url) => BackupOrigin::Postgres(url),
    }
}

fn target_of(database: &DatabaseUrl, data: &Path) -> RestoreTarget {
    match database.clone() {
        DatabaseUrl::Sqlite(file) => RestoreTarget::Sqlite(file),
        DatabaseUrl::Postgres(url) => RestoreTarget::Postgres { url, by_way_of: data.join(WAY) },
    }
}

/// Works on a thread of its own: reading a database takes a while.
async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Failure::from_display(error)),
        Err(error) => Err(Failure::said(format!("it broke half-way ({error}); please report it"))),
    }
}

impl From<&Checked> for told::Summary {
    fn from(checked: &Checked) -> Self {
        told::Summary { tables: checked.tables.len(), rows: checked.rows, octets: checked.octets }
    }
}
