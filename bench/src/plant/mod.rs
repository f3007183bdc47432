//! The subscribers that are measured: a big PPPoE plant by formula, so that every sum is known beforehand.

pub(crate) mod accountant;
pub(crate) mod database;
pub(crate) mod numbers;
pub(crate) mod redis_server;
pub(crate) mod reply;
pub(crate) mod rounds;
pub(crate) mod routers;
pub(crate) mod stream;
pub(crate) mod telling;
pub(crate) mod totals;
