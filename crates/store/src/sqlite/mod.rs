//! The store on SQLite: one file, one process, one writing thread, a few reading ones.
//!
//! * `worker`: threads that own connections and run closures on them
//! * `real_path`, `file`, `lock`, `migrate`: opening a database safely
//! * `errors`, `keys`, `values`: the driver's words put into ours
//! * one file per concern with the SQL of it

mod accounting;
mod accounting_commit;
mod accounting_counters;
mod accounting_load;
mod accounting_logins;
mod accounting_sessions;
mod adoption;
mod adoption_part;
mod adoption_undo;
mod audit;
mod bindings;
mod commit_group;
mod coverage;
mod credit;
mod cycle_edges;
mod cycle_open;
mod database;
mod edge_groups;
mod enrolment;
mod errors;
mod file;
mod held;
mod import;
mod installation;
mod keys;
mod ledger;
mod ledger_rows;
mod lock;
mod login_binding;
mod migrate;
mod nas;
mod nas_file;
mod nas_last_look;
mod nas_pin;
mod nas_remove;
mod nas_remove_glimpses;
mod nas_rows;
mod nas_update;
mod open_entry;
mod operator;
mod place;
mod plan;
mod plan_edge;
mod plan_edge_marks;
mod real_path;
mod renewal;
mod renewal_undo;
mod retention;
mod retention_fold;
mod rows;
mod session;
mod subscriber;
mod subscriber_insert;
mod subscriber_rows;
mod subscriber_sessions;
mod token;
mod unknown_login;
mod usage;
mod usage_adopted;
mod usage_cycle;
mod usage_lines;
mod usage_plan;
mod usage_series;
mod usage_sessions;
mod values;
mod verify;
mod verify_audit;
mod verify_counters;
mod verify_cycles;
mod verify_entries;
mod verify_sessions;
mod worker;

pub use database::Sqlite;
