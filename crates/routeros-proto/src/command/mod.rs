//! What a client sends.

mod builder;
mod tag;

pub use builder::Command;
pub use tag::Tag;
