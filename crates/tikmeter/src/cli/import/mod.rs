//! `tikmeter import ...`: who is billed, out of other programs.

mod customers;
mod from;
mod left;
pub(crate) mod phpnuxbill;
mod pisonet;

use clap::Subcommand;

use crate::cli::caller::Caller;
use crate::failure::Failure;

/// Whose data.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Import the customers of the customer traffic monitor, from its PostgreSQL table or as CSV: adds and changes
    /// subscribers, all or nothing; renews nobody
    ///
    /// Taken are id, username, name, status (active, suspended, inactive), service_type, and mikrotik_id: the name of the router
    /// the login counts on; on all where it is empty. The login is pppoe_username; of a hotspot customer hotspot_username, else
    /// pppoe_username, else the username. Who has a static address, or pppoe without a pppoe_username, is told and not taken:
    /// the table does not say what counts them. No password is taken.
    Customers(customers::CustomersArgs),
    /// Import routers, plans and customers of PHPNuxBill, from its MySQL or MariaDB database or a dump of it: adds what is not there
    /// yet, changes subscribers, all or nothing; renews nobody
    ///
    /// Through a pipe: mysqldump DATABASE tbl_routers tbl_bandwidth tbl_plans tbl_customers tbl_user_recharges
    /// tbl_appconfig | tikmeter import phpnuxbill -
    ///
    /// A customer has the service, plan, router and end of their last recharge. No password of a customer is taken; those of routers
    /// are sealed. Routers and plans that are there already, by name, are left as they are.
    #[command(name = "phpnuxbill")]
    PhpNuxBill(phpnuxbill::PhpNuxBillArgs),
    /// Import vouchers of the piso-net tool, from its SQLite database: those whose codes are not there yet, all or nothing
    ///
    /// Columns are found by their names: code or voucher_code, rate_limit_up, rate_limit_down, validity, price, users, profile, used or
    /// is_used, remaining_seconds, developer or is_developer; others are named with --column. Where the file has no speeds they are
    /// 1M up and 2M down. A used voucher is taken only where it is known what is left of it. Nothing is guessed: what is not understood
    /// is shown, and has to be said.
    #[command(name = "pisonet")]
    PisoNet(pisonet::PisoNetArgs),
}

impl ImportCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence; nothing was imported then.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            ImportCommand::Customers(args) => args.run(caller).await,
            ImportCommand::PhpNuxBill(args) => args.run(caller).await,
            ImportCommand::PisoNet(args) => args.run(caller).await,
        }
    }
}
