//! The built program, run as a person or a script runs it.

#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]

mod addresses;
mod allowed;
mod backup;
mod browser;
mod bypassed;
#[path = "../../../store/tests/it/cable.rs"]
mod cable;
mod chance;
mod command_line;
mod config;
mod counter_names;
mod demo;
mod disconnect;
mod doctor;
mod documents;
mod events;
mod folding;
mod full_at_start;
mod full_disk;
mod hand;
mod held;
#[cfg(target_env = "gnu")]
mod host_clock;
mod import_customers;
mod import_mariadb;
mod import_phpnuxbill;
mod import_pisonet;
mod imports;
mod keys;
mod kill;
mod least_power;
mod limit;
mod lost_files;
mod mariadb_server;
mod menu;
mod menu_settings;
mod migrate;
mod monitor;
mod nodes;
mod operators;
mod own_server;
mod plan_cycles;
mod poll;
mod portal;
mod portal_captive;
mod portal_setup;
mod postgres_away;
#[cfg(target_env = "gnu")]
mod postgres_full;
#[path = "../../../store/tests/it/postgres_server.rs"]
mod postgres_server;
mod profiles;
mod program;
mod pseudo_terminal;
#[path = "../../../server/tests/it/redis_server.rs"]
mod redis_server;
mod router_test;
#[cfg(target_env = "gnu")]
mod running_edge;
mod secrets;
mod serve;
mod server;
mod simulate;
mod standby;
mod static_addresses;
#[cfg(target_env = "gnu")]
mod stepped_clock;
mod tails;
mod terminal;
mod tls;
mod top;
mod traffic;
mod voucher;
mod watching;
