//! The commands: what can be asked, and who answers. One file per group of commands.

mod audit;
mod backup;
mod caller;
mod config;
mod consent;
mod credit;
mod demo;
mod disconnect;
mod doctor;
mod explain;
mod export;
mod held;
mod hold;
mod hotspot;
pub(crate) mod import;
mod key;
mod limit;
mod logs;
mod menu;
mod migrate;
mod monitor;
mod new_password;
mod operator;
mod paging;
mod password;
mod patch;
mod plan;
mod planned;
mod renew;
mod retention;
mod role;
mod router;
mod serve;
mod sessions;
mod simulate;
mod status;
mod subscriber;
mod token;
mod top;
mod upload;
mod usage;
mod verify;
mod voucher;
mod words;

use std::pin::Pin;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::client::AccessArgs;
use crate::failure::Failure;
use crate::memory;
use crate::output::{Terminal, printable_lines};

use caller::Caller;

/// Knows to the byte what each subscriber of a MikroTik network used, and why.
#[derive(Debug, Parser)]
#[command(name = "tikmeter", version)]
struct Cli {
    /// Print JSON: the server's answer as it is
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    access: AccessArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the routers and answer over the API, until told to stop
    Serve(serve::ServeArgs),
    /// See it work at once: simulated routers, live totals, nothing to set up
    Demo(demo::DemoArgs),
    /// Routers: add, list, show, edit, enable, disable, remove, read-now, commands, test, bootstrap, portal-setup,
    /// poll
    #[command(subcommand)]
    Router(router::RouterCommand),
    /// Subscribers: add, list, show, edit, bind, unbind, adopt, unknown, cycles, import, export
    #[command(subcommand)]
    Subscriber(subscriber::SubscriberCommand),
    /// Customers, plans and vouchers out of other programs: customers, phpnuxbill, pisonet
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Credits beside what was measured: add, list, cancel
    #[command(subcommand)]
    Credit(credit::CreditCommand),
    /// Renew a subscriber: close its cycle and open the next
    Renew(renew::RenewArgs),
    /// Plans: add, edit, list, profiles, export
    #[command(subcommand)]
    Plan(plan::PlanCommand),
    /// List sessions, the newest first
    Sessions(sessions::SessionsArgs),
    /// End one session on its router, or all that fit, and say what became of it
    Disconnect(disconnect::DisconnectArgs),
    /// List who is logged in at the hotspots, over all routers
    Hotspot(hotspot::HotspotArgs),
    /// Who is kept out of a router after `disconnect --hold`: list, release
    #[command(subcommand)]
    Hold(hold::HoldCommand),
    /// How fast somebody may be, set on the router: set, remove, list, queues
    #[command(subcommand)]
    Limit(limit::LimitCommand),
    /// Codes that let people in at a hotspot for a time: create, list, batches, show, pause, resume, revoke, print, export,
    /// sales
    #[command(subcommand)]
    Voucher(voucher::VoucherCommand),
    /// Who moves most: on a terminal again and again, sortable, with live samples of a chosen one
    Top(top::TopArgs),
    /// What subscribers move at this moment: start, stop, status, watch
    #[command(subcommand)]
    Monitor(monitor::MonitorCommand),
    /// Show totals per router and login
    Usage(usage::UsageArgs),
    /// Show why a total is what it is, to the octet
    Explain(explain::ExplainArgs),
    /// Look for what makes figures or limits wrong, here and on the routers, with the commands that mend it
    Doctor(doctor::DoctorArgs),
    /// Recompute all totals from their entries
    Verify,
    /// How long 15-minute entries are kept: preview, fold what is old enough
    #[command(subcommand)]
    Retention(retention::RetentionCommand),
    /// Do by numbers what is done every day: status, vouchers, hotspot users, limits
    Menu,
    /// Show the latest lines of the server's log
    Logs(logs::LogsArgs),
    /// List who did what, the newest first
    Audit(audit::AuditArgs),
    /// Entries held back because they were impossible: list, release, reject
    #[command(subcommand)]
    Held(held::HeldCommand),
    /// People who sign in by name and password: create, list, password, reach, role, disable, enable, remove
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    /// The key that the routers' passwords are sealed with: show, rotate
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// API tokens: create, list, revoke
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Show how the server stands
    Status,
    /// Run simulated routers on this machine, to try things on
    Simulate(simulate::SimulateArgs),
    /// Copies of the whole database in one file: create, verify, list, restore
    #[command(subcommand)]
    Backup(backup::BackupCommand),
    /// Move the installation to another database: sqlite-to-postgres
    #[command(subcommand)]
    Migrate(migrate::MigrateCommand),
    /// The configuration: check it, show where each value came from
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Print what completes these commands in a shell
    Completions(words::CompletionsArgs),
    /// Write the manual's pages into a folder
    #[command(hide = true)]
    Manual(words::ManualArgs),
}

/// Runs the command line this process was started with.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let terminal = Terminal::new(cli.json);
    if let Err(error) = settle_memory(&cli.command) {
        terminal.remark(&format!(
            "tikmeter: the memory settings of glibc could not be made ({error}); all works, with more memory"
        ));
    }
    match in_runtime(run(cli)) {
        Ok(()) | Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            // Several mistakes of a configuration stand on lines of their own.
            terminal.remark(&format!("tikmeter: {}", printable_lines(&failure.to_string())));
            failure.exit_code()
        }
    }
}

/// Only a daemon lives long enough to need it.
fn settle_memory(command: &Command) -> std::io::Result<()> {
    match command {
        Command::Serve(_) => memory::settle(),
        _ => Ok(()),
    }
}

fn in_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::said(format!("no threads could be started: {error}")))?;
    runtime.block_on(Box::pin(work))
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { json, access, command } = cli;
    let caller = || Caller::new(&access, Terminal::new(json));
    match command {
        Command::Serve(args) => args.run(&Terminal::new(json), access.as_configuration()).await,
        Command::Demo(args) => args.run(&Terminal::new(json), access.data.as_deref()).await,
        Command::Router(router::RouterCommand::Poll(args)) => args.run(&Terminal::new(json)).await,
        Command::Router(router::RouterCommand::Bootstrap(args)) => args.run(&Terminal::new(json)),
        Command::Router(router::RouterCommand::Test(args)) if args.names_an_address() => {
            args.run_directly(&Terminal::new(json)).await
        }
        Command::Router(command) => command.run(&caller()?).await,
        Command::Subscriber(command) => command.run(&caller()?).await,
        Command::Import(command) => command.run(&caller()?).await,
        Command::Credit(command) => command.run(&caller()?).await,
        Command::Renew(args) => args.run(&caller()?).await,
        Command::Plan(command) => command.run(&caller()?).await,
        Command::Sessions(args) => args.run(&caller()?).await,
        Command::Disconnect(args) => args.run(&caller()?).await,
        Command::Hotspot(args) => args.run(&caller()?).await,
        Command::Hold(command) => command.run(&caller()?).await,
        Command::Limit(args) => args.run(&caller()?).await,
        Command::Voucher(command) => command.run(&caller()?).await,
        Command::Top(args) => args.run(&caller()?).await,
        Command::Monitor(command) => command.run(&caller()?).await,
        Command::Usage(args) => args.run(&caller()?).await,
        Command::Explain(args) => args.run(&caller()?).await,
        Command::Doctor(args) if args.is_alone() => {
            args.run_alone(&Terminal::new(json), access.as_configuration()).await
        }
        Command::Doctor(args) => args.run(&caller()?).await,
        Command::Verify => verify::run(&caller()?).await,
        Command::Retention(command) => command.run(&caller()?).await,
        Command::Menu => {
            let caller = caller()?;
            let access = access.clone();
            menu::run(&caller, &move |words| run_words(access.clone(), words)).await
        }
        Command::Logs(args) => args.run(&caller()?).await,
        Command::Audit(args) => args.run(&caller()?).await,
        Command::Held(command) => command.run(&caller()?).await,
        Command::Operator(command) => command.run(&caller()?).await,
        Command::Key(command) => command.run(&caller()?).await,
        Command::Token(command) => command.run(&caller()?).await,
        Command::Status => status::run(&caller()?).await,
        Command::Simulate(args) => args.run(&Terminal::new(json)).await,
        Command::Migrate(command) => command.run(&Terminal::new(json), access.folder().as_deref()).await,
        Command::Backup(command) => command.run(&Terminal::new(json), access.as_configuration()).await,
        Command::Config(command) => command.run(&Terminal::new(json), access.as_configuration()),
        Command::Completions(args) => args.run(&Terminal::new(json), Cli::command()),
        Command::Manual(args) => args.run(Cli::command()),
    }
}

/// Runs a command by its words, for the same server.
fn run_words<'r>(
    access: AccessArgs,
    words: Vec<String>,
) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + 'r>> {
    let parsed = Cli::try_parse_from(std::iter::once("tikmeter".to_owned()).chain(words));
    Box::pin(async move {
        let cli = parsed.map_err(|error| Failure::usage(error.to_string().trim_end().to_owned()))?;
        run(Cli { json: false, access, command: cli.command }).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    /// Groups that list their commands list them all.
    #[test]
    fn the_summary_of_a_group_leaves_none_of_its_commands_out() {
        let cli = Cli::command();
        for group in [
            "router",
            "subscriber",
            "plan",
            "credit",
            "held",
            "hold",
            "operator",
            "token",
            "migrate",
            "monitor",
            "import",
            "voucher",
            "backup",
            "key",
        ] {
            let group = cli.find_subcommand(group).unwrap();
            let about = group.get_about().unwrap().to_string();
            let listed = about.split_once(": ").unwrap().1;
            let mut listed: Vec<&str> = listed.split(", ").collect();
            let mut commands: Vec<&str> = group.get_subcommands().map(clap::Command::get_name).collect();
            listed.sort_unstable();
            commands.sort_unstable();
            assert_eq!(listed, commands, "{}", group.get_name());
        }
    }
}
