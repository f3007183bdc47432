//! The names somebody is found under, as readers are told them.

use std::sync::Arc;

/// One name, or several of them joined.
pub(super) fn joined<'a>(names: impl Iterator<Item = &'a [u8]>) -> Arc<[u8]> {
    names.collect::<Vec<_>>().join(&b", "[..]).into()
}
