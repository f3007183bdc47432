//! Behaviour of the store, told once for every database ([`behaviour`]), and what is special to one of them.

#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]

mod author;
mod backup;
mod behaviour;
mod cable;
mod cycle_totals;
mod drift;
mod every_store;
mod filled;
mod moving;
mod moving_refused;
mod operators;
mod postgres_cycles;
mod postgres_doubt;
mod postgres_edge_groups;
mod postgres_foreign;
mod postgres_limits;
mod postgres_months;
mod postgres_nodes;
mod postgres_open;
mod postgres_person;
mod postgres_reach;
mod postgres_server;
mod postgres_tls;
mod rounds;
mod sqlite_damage;
mod sqlite_file;
mod sqlite_stop;
mod vouchers;
