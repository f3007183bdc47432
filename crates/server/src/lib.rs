//! Tikmeter's face towards clients: the REST API under `/api/v1` with its OpenAPI document, `/metrics`, `/healthz`
//! and `/readyz`, and the plain built-in page. It decides nothing: it understands requests, checks tokens, calls
//! `operations` and puts the answers into the types of [`api::model`]. `compat` keeps the paths of the tools it replaces.

pub mod api;
mod auth;
mod compat;
mod extract;
mod health;
mod layers;
mod metrics;
mod page;
mod problem;
mod router;
mod serve;
mod state;
mod text;

pub use router::{openapi, router};
pub use serve::serve;
pub use state::ServerState;
