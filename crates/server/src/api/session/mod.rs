//! Who asks: signing in and out.

pub(super) mod begin;
pub(super) mod change;
pub(super) mod end;
pub(super) mod password;
mod shape;
pub(super) mod show;
