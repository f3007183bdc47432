//! What somebody wants of a router and waits for.

use operations::{
    Admission, AdmitDevice, HostSought, HotspotHost, RouterCommandError, ThoughtVouchers, VoucherUser,
    VouchersKept,
};
use tokio::sync::oneshot;

/// Whoever waits. One who went away does not want to know.
type Answer<T> = oneshot::Sender<Result<T, RouterCommandError>>;

/// See the module.
#[derive(Debug)]
pub enum Order {
    /// The router is made what is wanted, for all of these.
    Keep(Vec<Answer<VouchersKept>>),
    /// It is found out what would be sent if this was wanted, and nothing is.
    Plan(ThoughtVouchers, Answer<Vec<String>>),
    /// This device is let in.
    Admit(AdmitDevice, Answer<Admission>),
    /// These devices are looked for.
    Hosts(HostSought, Answer<Vec<HotspotHost>>),
    /// It is looked what the logins of these moved.
    Moved(Vec<VoucherUser>, Vec<Answer<()>>),
}

impl Order {
    /// Whether somebody still waits for it.
    pub(super) fn is_waited_for(&self) -> bool {
        match self {
            Order::Keep(answers) => answers.iter().any(|answer| !answer.is_closed()),
            Order::Plan(_, answer) => !answer.is_closed(),
            Order::Admit(_, answer) => !answer.is_closed(),
            Order::Hosts(_, answer) => !answer.is_closed(),
            Order::Moved(_, answers) => answers.iter().any(|answer| !answer.is_closed()),
        }
    }

    /// It comes to nothing.
    pub(super) fn fail(self, error: RouterCommandError) {
        match self {
            Order::Keep(answers) => tell_all(answers, &Err(error)),
            Order::Plan(_, answer) => drop(answer.send(Err(error))),
            Order::Admit(_, answer) => drop(answer.send(Err(error))),
            Order::Hosts(_, answer) => drop(answer.send(Err(error))),
            Order::Moved(_, answers) => tell_all(answers, &Err(error)),
        }
    }

    /// Takes another one in that the same pass serves; gives it back where it does not. Both want what is wanted when it begins, or ask
    /// what was moved until then.
    pub(super) fn join(&mut self, other: Order) -> Option<Order> {
        match (self, other) {
            (Order::Keep(answers), Order::Keep(others)) => answers.extend(others),
            (Order::Moved(users, answers), Order::Moved(of, others)) => {
                users.extend(of);
                answers.extend(others);
            }
            (_, other) => return Some(other),
        }
        None
    }
}

/// Tells all who wait for the same.
pub(super) fn tell_all<T: Clone>(answers: Vec<Answer<T>>, told: &Result<T, RouterCommandError>) {
    for answer in answers {
        drop(answer.send(told.clone()));
    }
}
