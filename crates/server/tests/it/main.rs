//! The server over HTTP, on a real database, with an accounting that is fed by the tests.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod access;
mod accounts;
mod admin;
mod adoption;
mod audit;
mod bandwidth;
mod bindings;
mod bulk_disconnects;
mod commands;
mod compat;
mod counter_names;
mod credits;
mod disconnects;
mod document;
mod edges;
mod empty_values;
mod events;
mod happenings;
mod harness;
mod hidden_codes;
mod history;
mod holds;
mod imports;
mod kinds;
mod limits;
mod limits_beneath;
mod live;
mod manage;
mod meter;
mod models;
mod plan_cycles;
mod plan_limits;
mod planned_commands;
mod portal;
#[path = "../../../store/tests/it/postgres_server.rs"]
mod postgres_server;
mod reach;
mod reach_logins;
mod reach_parts;
mod redis_server;
mod renewal_readings;
mod renewals;
mod retention;
mod router_tests;
mod searches;
mod serving;
mod signing_in;
mod snapshot;
mod summer_time;
mod top;
mod unchanged;
mod unknown_logins;
mod user_traffic;
mod vouchers;
