//! `tikmeter config ...`: what the configuration says, and whether the server would take it.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::config::{Layer, Loaded, Problems, RouterSettings, Settings, Surroundings, load, shown};
use crate::data_folder;
use crate::failure::Failure;
use crate::output::{Table, Terminal, printable, rate};
use crate::profiles_file;

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Check the configuration, and name every mistake with its line
    Check(FileArgs),
    /// Show each value and where it came from; passwords stay hidden
    Show(FileArgs),
}

/// Which file.
#[derive(Debug, clap::Args)]
pub(crate) struct FileArgs {
    /// The configuration file [default: ./tikmeter.toml, else /etc/tikmeter/tikmeter.toml]
    #[arg(long = "config", env = "TIKMETER_CONFIG", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl ConfigCommand {
    /// Carries it out. `flags` are those of the whole command line that are keys too.
    ///
    /// # Errors
    /// When the configuration cannot be read or is wrong.
    pub(crate) fn run(&self, terminal: &Terminal, flags: Layer) -> Result<(), Failure> {
        match self {
            ConfigCommand::Check(args) => check(terminal, args.load(flags)),
            ConfigCommand::Show(args) => show(terminal, &args.load(flags).map_err(refused)?),
        }
    }
}

impl FileArgs {
    fn load(&self, flags: Layer) -> Result<Loaded, Problems> {
        load(&Surroundings::of_process(), self.file.as_deref(), flags)
    }
}

fn show(terminal: &Terminal, loaded: &Loaded) -> Result<(), Failure> {
    let lines = shown(loaded);
    loaded.warnings.iter().for_each(|warning| terminal.remark(&format!("warning: {warning}")));
    if terminal.json() {
        return Ok(terminal.line(&json!({ "items": lines, "warnings": loaded.warnings }).to_string())?);
    }
    let mut table = Table::new(&["key", "value", "from"]);
    lines.into_iter().for_each(|line| table.row([line.key, line.value, line.origin]));
    Ok(terminal.line(&table.to_string())?)
}

fn check(terminal: &Terminal, loaded: Result<Loaded, Problems>) -> Result<(), Failure> {
    let (settings, mut warnings) = match loaded {
        Ok(loaded) => (loaded.settings(), loaded.warnings),
        Err(problems) => (Err(problems), Vec::new()),
    };
    warnings.extend(settings.iter().flat_map(Settings::warnings));
    // Only a warning: whoever checks need not be the server's user.
    warnings.extend(settings.iter().filter_map(|settings| data_folder::hindrance(&settings.data)));
    warnings.iter().for_each(|warning| terminal.remark(&format!("warning: {warning}")));
    let outcome = settings.and_then(|settings| settings.with_readable_passwords());
    let profiles = outcome.as_ref().ok().and_then(wrong_profiles);
    if terminal.json() {
        let problems = outcome.as_ref().err().into_iter().flat_map(Problems::iter);
        let problems: Vec<String> = problems.map(ToString::to_string).chain(profiles.clone()).collect();
        terminal.line(
            &json!({ "ok": problems.is_empty(), "problems": problems, "warnings": warnings }).to_string(),
        )?;
    }
    let settings = outcome.map_err(refused)?;
    if !terminal.json() {
        terminal.line(&summary(&settings))?;
    }
    profiles.map_or(Ok(()), |wrong| {
        Err(Failure::said(format!(
            "{wrong}. All else is right: a server would start, and leave the plans as they are until the file of profiles is mended"
        )))
    })
}

/// What is wrong with the file of profiles, with its line.
fn wrong_profiles(settings: &Settings) -> Option<String> {
    settings.profiles.as_deref().and_then(|file| profiles_file::read(file).err())
}

/// What a server would do with it.
fn summary(settings: &Settings) -> String {
    let mut text = format!(
        "The configuration is right. A server would listen on {}, keep its files in {} and its database in {}, and poll \
         {} routers from the configuration every {:?} unless they say otherwise.",
        settings.listen,
        settings.data.display(),
        settings.database.shown(),
        settings.routers.len(),
        settings.interval,
    );
    settings.portal.iter().for_each(|portal| {
        text.push_str(&format!(" The portal for vouchers would listen on {}.", portal.listen))
    });
    for router in &settings.routers {
        let RouterSettings { name, host, port, username, .. } = router;
        text.push_str(&format!("\n  {}: {username} at {host} port {port}", printable(name)));
        router.interval.iter().for_each(|interval| text.push_str(&format!(", every {interval:?}")));
        router.link_speed_bps.iter().for_each(|speed| text.push_str(&format!(", link {}", rate(*speed))));
        text.push_str(&format!(" ({})", router.origin));
    }
    text
}

fn refused(problems: Problems) -> Failure {
    Failure::said(format!("the configuration is wrong, and a server would not start with it: {problems}"))
}
