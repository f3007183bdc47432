//! Where a subscriber is watched.

use std::sync::Arc;

use store::NasId;

use super::watch::{Customer, Watched};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) customer: Arc<Customer>,
    pub(super) nas: NasId,
    pub(super) watched: Watched,
}
