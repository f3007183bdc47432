//! Changes that change nothing.

/// The new value, unless it is the stored one.
pub(crate) fn unlike<T: PartialEq>(new: Option<T>, stored: &T) -> Option<T> {
    new.filter(|new| new != stored)
}
