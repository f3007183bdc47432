//! People who may sign in.

pub(super) mod change;
pub(super) mod create;
pub(super) mod list;
pub(super) mod remove;
mod shape;
pub(super) mod sign_ins;

pub(super) use shape::operator;
