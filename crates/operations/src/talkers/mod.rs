//! Who moves most at the moment: what each session gained between the two latest readings of its router.
//!
//! Nothing is asked of a router for it, nothing is written down, and nothing here counts: the part that counts puts up what a
//! committed reading said ([`TalkerBoard`]), and whoever asks for the top ([`TopRequest`]) gets it with the time it is a mean
//! of. Names are looked up then, for those alone who are shown.

mod board;
mod exchange;
mod latest;
mod ranking;
mod rates;
mod told;
mod top;
mod unobserved;

pub use board::TalkerBoard;
pub(crate) use exchange::RatesExchange;
pub use ranking::TopSort;
pub use rates::RouterRates;
pub use top::{RouterWindow, Talker, TopReport, TopRequest};
pub use unobserved::{UNOBSERVED, Unobserved};
