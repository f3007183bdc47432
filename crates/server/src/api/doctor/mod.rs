//! What makes figures or limits wrong, here and on the routers.

pub(super) mod all;
pub(super) mod one;
mod shape;

pub use shape::diagnosis_text;
