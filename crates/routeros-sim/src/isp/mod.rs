//! A living provider for demonstrations: believable subscribers who surf, hang up and dial again, and a router
//! that reboots now and then. Everything follows from a seed and the world's clock.

mod driver;
mod guest;
mod line;
mod people;
mod rates;
mod standing;

pub use driver::{Isp, IspConfig};
pub use guest::Visitor;
