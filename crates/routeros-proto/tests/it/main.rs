//! The protocol as a client or a simulated router meets it: captures, hostile bytes, both logins, both directions.

mod captures;
mod chunking;
mod hostile;
mod logins;
mod queries;
mod requests;
mod round_trips;
mod tracking;
mod transcript;
