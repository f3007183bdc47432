//! What goes round.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use operations::Customer;

/// See the module. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// Samples that were taken at the same moment.
    Samples(Arc<[Frame]>),
    /// Watches that stand otherwise than before.
    Standing(Arc<[(Arc<Customer>, Utf8Bytes)]>),
}

/// A sample in each form.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) customer: Arc<Customer>,
    pub(super) no: u64,
    /// As `/ws` has it.
    pub(super) compat: Utf8Bytes,
    /// As `/api/v1/live` has it.
    pub(super) v1: Utf8Bytes,
}
