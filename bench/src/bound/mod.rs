//! What our figures are compared with: plain Rust that does as little as one can and still be right.

mod any_certificate;
pub(crate) mod bare_reader;
pub(crate) mod bare_xadd;
pub(crate) mod hand_client;
pub(crate) mod hand_parser;
pub(crate) mod http_client;
pub(crate) mod ledger_lines;
pub(crate) mod postgres_copy;
pub(crate) mod sqlite_loop;
