//! `tikmeter import ...`: who is billed, out of other programs.

mod customers;
mod phpnuxbill;

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
    /// Import routers, plans and customers of PHPNuxBill, from a dump of its MySQL or MariaDB database: adds what is not there yet,
    /// changes subscribers, all or nothing; renews nobody
    ///
    /// Straight from the database: mysqldump DATABASE tbl_routers tbl_bandwidth tbl_plans tbl_customers tbl_user_recharges
    /// tbl_appconfig | tikmeter import phpnuxbill -
    ///
    /// A customer has the service, plan, router and end of their last recharge. No password of a customer is taken; those of routers
    /// are sealed. Routers and plans that are there already, by name, are left as they are.
    #[command(name = "phpnuxbill")]
    PhpNuxBill(phpnuxbill::PhpNuxBillArgs),
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
        }
    }
}
