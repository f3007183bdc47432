//! Simple queues as a router shows them.

use serde::Serialize;
use utoipa::ToSchema;

use super::name::Name;

/// A simple queue. Up is what the target sends, down what it receives.
#[derive(Debug, Serialize, ToSchema)]
pub struct Queue {
    /// Its name.
    pub name: Name,
    /// What it is aimed at: prefixes and interfaces with commas between.
    pub target: Name,
    /// False: the router gives its speeds in a way that is not understood, so the two nulls are no sign that it does not limit.
    pub is_understood: bool,
    /// Bits per second; null: as fast as they can.
    #[schema(required)]
    pub up_bps: Option<u64>,
    /// Bits per second; null: as fast as they can.
    #[schema(required)]
    pub down_bps: Option<u64>,
    /// What passed it; null when not given.
    #[schema(required)]
    pub upload_octets: Option<u64>,
    /// What passed it; null when not given.
    #[schema(required)]
    pub download_octets: Option<u64>,
    /// It carries our mark; no other is ever changed.
    pub is_ours: bool,
    /// The router made it by itself.
    pub is_dynamic: bool,
    /// It is switched off, or its interface is gone.
    pub is_off: bool,
    /// Its comment; empty when it has none.
    pub comment: Name,
}
