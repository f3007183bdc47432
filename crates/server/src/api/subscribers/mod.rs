//! Subscribers.

pub(super) mod add;
pub(super) mod adopt;
pub(super) mod bind;
pub(super) mod change;
pub(super) mod cycles;
pub(super) mod export;
pub(super) mod import;
pub(super) mod list;
pub(super) mod renew;
mod shape;
pub(super) mod show;
pub(super) mod unbind;
pub(super) mod undo_adoption;
pub(super) mod undo_renewal;
mod upload;
