//! `tikmeter voucher ...`: codes that let people in at a hotspot for a time.

mod act;
mod create;
mod list;
mod revoke;
mod sales;
mod sheet;
mod show;
mod view;

use clap::Subcommand;

use self::act::{PAUSE, RESUME, Which};
use self::create::CreateArgs;
use self::list::{BatchesArgs, ListArgs, WhichArgs};
use self::revoke::RevokeArgs;
use self::sales::SalesArgs;
use self::sheet::PrintArgs;
use crate::cli::caller::Caller;
use crate::cli::export::{self, Format};
use crate::failure::Failure;

/// What can be done with vouchers.
#[derive(Debug, Subcommand)]
pub(crate) enum VoucherCommand {
    /// Make vouchers with codes that nobody can guess
    Create(CreateArgs),
    /// List vouchers, the newest first
    List(ListArgs),
    /// List batches of vouchers that were made together, the newest first
    Batches(BatchesArgs),
    /// Show a voucher, and who used it
    Show {
        /// Its code
        code: String,
    },
    /// Stop the time of a voucher that runs, or of all of a batch that run; their devices are taken off the routers
    Pause(Which),
    /// Let the time of a paused voucher go on, or of all of a batch that are paused
    Resume(Which),
    /// Take a voucher, or all of a batch that are not over, out of use for good
    Revoke(RevokeArgs),
    /// Write the unused vouchers of a batch as a page to print (HTML, to standard output)
    Print(PrintArgs),
    /// Write vouchers as CSV, to standard output
    Export(WhichArgs),
    /// What was sold, by day, plan and seller
    Sales(SalesArgs),
}

impl VoucherCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            VoucherCommand::Create(args) => args.run(caller).await,
            VoucherCommand::List(args) => args.run(caller).await,
            VoucherCommand::Batches(args) => args.run(caller).await,
            VoucherCommand::Show { code } => show::run(caller, code).await,
            VoucherCommand::Pause(which) => which.act(caller, PAUSE).await,
            VoucherCommand::Resume(which) => which.act(caller, RESUME).await,
            VoucherCommand::Revoke(args) => args.run(caller).await,
            VoucherCommand::Print(args) => args.run(caller).await,
            VoucherCommand::Export(which) => {
                export::write(caller, Format::Csv, &["vouchers"], &which.query()).await
            }
            VoucherCommand::Sales(args) => args.run(caller).await,
        }
    }
}
