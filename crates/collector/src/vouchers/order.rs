//! What somebody wants of a router and waits for.

use operations::{Admission, AdmitDevice, HostSought, HotspotHost, RouterCommandError, VouchersKept};
use tokio::sync::oneshot;

/// Whoever waits. One who went away does not want to know.
type Answer<T> = oneshot::Sender<Result<T, RouterCommandError>>;

/// See the module.
#[derive(Debug)]
pub enum Order {
    /// The router is made what is wanted.
    Keep(Answer<VouchersKept>),
    /// This device is let in.
    Admit(AdmitDevice, Answer<Admission>),
    /// These devices are looked for.
    Hosts(HostSought, Answer<Vec<HotspotHost>>),
}

impl Order {
    /// Whether somebody still waits for it.
    pub(super) fn is_waited_for(&self) -> bool {
        match self {
            Order::Keep(answer) => !answer.is_closed(),
            Order::Admit(_, answer) => !answer.is_closed(),
            Order::Hosts(_, answer) => !answer.is_closed(),
        }
    }

    /// It comes to nothing.
    pub(super) fn fail(self, error: RouterCommandError) {
        match self {
            Order::Keep(answer) => drop(answer.send(Err(error))),
            Order::Admit(_, answer) => drop(answer.send(Err(error))),
            Order::Hosts(_, answer) => drop(answer.send(Err(error))),
        }
    }
}
