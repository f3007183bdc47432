//! The repositories, told once for every database: the SQL and what is decided around it. A database brings a driver
//! ([`driver::Session`], [`connection::Sql`]) and its own migrations.
//!
//! * `database`, `worker`, `commit_group`: threads that own connections and run closures on them
//! * `connection`, `value`, `row`, `rows`: statements, what goes into them and what comes out
//! * `keys`, `values`: the words of the database put into ours
//! * one file per concern with the SQL of it

mod accounting;
pub(crate) mod accounting_commit;
mod accounting_counters;
pub(crate) mod accounting_load;
mod accounting_logins;
mod accounting_sessions;
mod adoption;
pub(crate) mod adoption_part;
mod adoption_undo;
mod audit;
mod bindings;
mod command;
pub(crate) mod commit_group;
pub(crate) mod connection;
mod coverage;
mod credit;
mod cycle_edges;
mod cycle_open;
pub(crate) mod database;
pub(crate) mod driver;
mod edge_groups;
mod enrolment;
mod held;
mod import;
mod installation;
pub(crate) mod keys;
mod lease;
mod ledger;
pub(crate) mod ledger_month;
mod ledger_rows;
mod login_binding;
mod nas;
mod nas_file;
mod nas_last_look;
mod nas_pin;
mod nas_remove;
mod nas_remove_glimpses;
mod nas_rows;
mod nas_update;
pub(crate) mod open_entry;
mod operator;
mod outbox;
mod outbox_events;
mod outbox_loss;
mod outbox_queue;
mod outbox_write;
mod plan;
mod plan_edge;
mod plan_edge_marks;
mod renewal;
mod renewal_undo;
mod retention;
pub(crate) mod retention_fold;
mod retention_month;
mod retention_places;
pub(crate) mod row;
pub(crate) mod rows;
mod session;
mod subscriber;
mod subscriber_insert;
mod subscriber_rows;
mod subscriber_sessions;
mod token;
mod unknown_login;
mod unseen_stretch;
mod usage;
mod usage_adopted;
mod usage_cycle;
mod usage_lines;
mod usage_plan;
mod usage_series;
mod usage_sessions;
pub(crate) mod value;
mod values;
mod verify;
mod verify_audit;
mod verify_counters;
mod verify_cycles;
mod verify_entries;
mod verify_sessions;
pub(crate) mod worker;
