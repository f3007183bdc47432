//! Watching what subscribers move at this moment: who is watched for whom, where, and what their routers say of it.
//!
//! Nothing here counts: a live rate is a display and reaches no total (DESIGN section 2, the live path). What is wanted of
//! each router stands on a [`LiveBoard`]; the part that talks to the router looks there, asks, and puts up what it was told.
//!
//! * [`Monitors`]: who holds a watch on whom, within a number of slots
//! * [`LiveBoard`]: what is wanted of each router, and what came of it
//! * [`Wants`]: what other processes on the database want watched; `between`: what they and this one tell each other
//! * `acts`: what faces call; `finding`: on which router somebody is found, and how

mod acts;
mod between;
mod board;
mod error;
mod finding;
mod held;
mod monitors;
mod others;
mod place;
mod reached;
mod sample;
mod settings;
mod stops;
mod view;
mod watch;

pub use between::{LiveMoment, LiveTold};
pub use board::{LiveBoard, Samples};
pub use error::MonitorError;
pub use monitors::{Monitor, Monitors, MonitorsStatus};
pub use others::{Hearing, Want, Wants};
pub use reached::ReachedRouters;
pub use sample::{LiveSample, RateReading, SampleSource};
pub use settings::MonitorSettings;
pub use stops::Stop;
pub use view::View;
pub use watch::{Customer, Standing, Watch, Watched};
