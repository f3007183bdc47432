//! A reader, for as long as it looks.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::held::Holder;
use super::monitors::Monitors;

/// See the module. Whom it looks at is watched until it goes.
#[derive(Debug)]
pub struct View {
    monitors: Monitors,
    /// Whom; `None`: whoever is watched for others.
    of: Option<BTreeSet<Uuid>>,
}

impl View {
    /// Of whoever is watched for others.
    pub(super) fn of_all(monitors: Monitors) -> Self {
        monitors.count_reader_of_all(true);
        View { monitors, of: None }
    }

    /// Of nobody yet.
    pub(super) fn of_nobody(monitors: Monitors) -> Self {
        View { monitors, of: Some(BTreeSet::new()) }
    }

    /// Whether it is shown what that subscriber moves.
    pub fn shows(&self, customer: Uuid) -> bool {
        self.of.as_ref().is_none_or(|of| of.contains(&customer))
    }

    /// Whom it looks at; `None`: whoever is watched for others.
    pub fn of(&self) -> Option<&BTreeSet<Uuid>> {
        self.of.as_ref()
    }

    /// A hold on that subscriber was taken for it; a second one is given back.
    pub(super) fn holds(&mut self, customer: Uuid) {
        if !self.of.as_mut().is_some_and(|of| of.insert(customer)) {
            self.monitors.release(customer, Holder::Reader);
        }
    }

    /// Does not look at them any more.
    pub fn leave(&mut self, customer: Uuid) {
        if self.of.as_mut().is_some_and(|of| of.remove(&customer)) {
            self.monitors.release(customer, Holder::Reader);
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        match self.of.take() {
            None => self.monitors.count_reader_of_all(false),
            Some(of) => {
                of.into_iter().for_each(|customer| self.monitors.release(customer, Holder::Reader));
            }
        }
    }
}
