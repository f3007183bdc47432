//! What clients may set in a configurable menu, and how the router takes each value (routeros.md §1.10).

use routeros_proto::value;

use super::answer::Complaint;
use crate::world::{Item, World, rate_limit};

/// What can be set on the items of one menu.
pub(crate) struct Schema {
    pub(crate) path: &'static str,
    pub(crate) settings: &'static [Setting],
    /// The setting that no two items may share; items can also be called by it where it is `name`.
    pub(crate) unique: &'static str,
    /// What `add` and `set` are told when another item has it already.
    pub(crate) taken: &'static str,
    /// Whether there is an order that matters, and so `place-before` in `add`.
    pub(crate) ordered: Option<MayStandBefore>,
}

/// Whether a client's item may be put before this one.
pub(crate) type MayStandBefore = fn(&World, &Item) -> Result<(), Complaint>;

/// One property that clients may write.
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) initial: Initial,
    /// The value as the router keeps it, from the one that was sent.
    pub(crate) take: Take,
}

/// From the world, the property's name and the value sent.
pub(crate) type Take = fn(&World, &'static str, &[u8]) -> Result<Vec<u8>, Complaint>;

/// What a property is when `add` does not name it.
pub(crate) enum Initial {
    /// `add` must name it.
    Required,
    /// The row lacks it; an empty value takes it away again.
    Unset,
    Value(&'static str),
}

/// Any bytes.
pub(crate) fn any(_: &World, _: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    Ok(value.to_vec())
}

/// `yes`, `no`, `true` or `false`; kept as `true` or `false`.
pub(crate) fn truth(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let truth = value::boolean(value).ok_or_else(|| expected(name))?;
    Ok(truth.to_string().into_bytes())
}

/// A whole number.
pub(crate) fn whole_number(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let number = value::unsigned(value).ok_or_else(|| expected(name))?;
    Ok(number.to_string().into_bytes())
}

/// How long; kept as it was typed.
pub(crate) fn time(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    value::duration(value).map(|_| value.to_vec()).ok_or_else(|| expected(name))
}

/// The `rate-limit` of a profile, kept as it was typed: whether a router writes it otherwise is not established.
pub(crate) fn limit(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    rate_limit(value).map(|_| value.to_vec()).ok_or_else(|| expected(name))
}

/// A value of the wrong kind.
pub(crate) fn expected(name: &str) -> Complaint {
    (Some(1), format!("expected value of {name}"))
}

/// A word that is none of those to choose from (routeros.md §7 capture 11).
pub(crate) fn no_match(name: &str) -> Complaint {
    (Some(1), format!("input does not match any value of {name}"))
}
