//! One suite for every database: each module's tests take the store as a trait object.

mod accounts;
mod audit;
mod commands;
mod commit;
mod cycle_totals;
mod event_names;
mod held;
mod holds;
mod imports;
mod ledger;
mod nas;
mod open_entries;
mod outbox;
mod plan_edges;
mod profiles;
mod rate_limits;
mod removal;
mod renewals;
mod retention;
mod sessions;
mod subscribers;
mod usage;
mod verify;
mod voucher_devices;
mod voucher_octets;
mod vouchers;
