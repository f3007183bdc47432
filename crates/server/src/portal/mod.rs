//! The page that a device at a hotspot sees before it may go anywhere: it enters a voucher's code, and sees what is left.
//!
//! It stands on a socket of its own and needs no token. What keeps it honest:
//! * `hand_over`, `seal`, `asking`: a device is who its router says it is, and stays that one from the page to the form
//! * `gate`, `pace` with `crate::tries`: how often an address may ask and guess
//! * `desk`: what is asked of the part that knows vouchers and routers
//! * `admitting`, `refusal`, `left`: letting in, why not, and what is left
//! * `page`, `views`, `html`, `cookies`, `spoken`: pages and JSON; `texts`, `language`: what they say
//! * `show`, `activate`, `quick`, `status`, `end_session`, `captive`: the endpoints, `answers` all of them together
//! * `listening`: the socket; `counts`: how it does; `unsaid`: what is kept out of the log

mod activate;
mod admitting;
mod answers;
mod asking;
mod captive;
mod cookies;
mod counts;
mod desk;
mod end_session;
mod gate;
mod hand_over;
mod html;
mod language;
mod left;
mod listening;
mod mac;
mod pace;
mod page;
mod peer;
mod quick;
mod refusal;
mod seal;
mod show;
mod spoken;
mod state;
mod status;
mod texts;
mod unsaid;
mod views;

pub use answers::portal;
pub use counts::PortalCounts;
pub use desk::PortalDesk;
pub use listening::serve_portal;
pub use state::PortalState;
