//! A reader, for as long as it looks.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::held::Serial;
use super::monitors::Monitors;

/// See the module. Whom it looks at is watched until it goes.
#[derive(Debug)]
pub struct View {
    monitors: Monitors,
    /// Whom; `None`: whoever is watched for others.
    of: Option<BTreeMap<Uuid, Serial>>,
}

impl View {
    /// Of whoever is watched for others.
    pub(super) fn of_all(monitors: Monitors) -> Self {
        monitors.count_reader_of_all(true);
        View { monitors, of: None }
    }

    /// Of nobody yet.
    pub(super) fn of_nobody(monitors: Monitors) -> Self {
        View { monitors, of: Some(BTreeMap::new()) }
    }

    /// Whether it is shown what that subscriber moves.
    pub fn shows(&self, customer: Uuid) -> bool {
        self.of.as_ref().is_none_or(|of| of.contains_key(&customer))
    }

    /// A hold on that subscriber was taken for it; one it had before is given back.
    pub(super) fn holds(&mut self, customer: Uuid, serial: Serial) {
        match self.of.as_mut() {
            None => self.monitors.let_go(customer, serial),
            Some(of) => {
                if let Some(before) = of.insert(customer, serial) {
                    self.monitors.let_go(customer, before);
                }
            }
        }
    }

    /// Does not look at them any more.
    pub fn leave(&mut self, customer: Uuid) {
        if let Some(serial) = self.of.as_mut().and_then(|of| of.remove(&customer)) {
            self.monitors.let_go(customer, serial);
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        match self.of.take() {
            None => self.monitors.count_reader_of_all(false),
            Some(of) => {
                of.into_iter().for_each(|(customer, serial)| self.monitors.let_go(customer, serial));
            }
        }
    }
}
