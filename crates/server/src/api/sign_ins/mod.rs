//! The browsers in which one is signed in oneself.

pub(super) mod end;
pub(super) mod list;
mod shape;

pub(super) use shape::{id_of, sign_in};
