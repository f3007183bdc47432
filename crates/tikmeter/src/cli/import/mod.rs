//! `tikmeter import ...`: who is billed, out of other programs.

mod customers;

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
}

impl ImportCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence; nothing was imported then.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let ImportCommand::Customers(args) = self;
        args.run(caller).await
    }
}
