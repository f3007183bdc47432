//! What a program needs that plays the router: requests in, queries applied, replies out.

mod query;
mod reply_writer;
mod request;

pub use query::{Query, QueryError};
pub use reply_writer::ReplyWriter;
pub use request::Request;
