//! The shape of every list.

use serde::Serialize;
use utoipa::ToSchema;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The items, in the order the endpoint names.
    pub items: Vec<T>,
    /// Hand this back as `cursor` to read on; null when this was the last page.
    #[schema(required)]
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A list that is whole in one page.
    pub fn whole(items: Vec<T>) -> Self {
        List { items, next: None }
    }
}
