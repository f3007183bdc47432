//! Tests of addresses that are in no registry.

use std::time::Duration;

use operations::{AddressTest, Check, RouterCommandError};
use secrecy::SecretString;

use super::Supervisor;
use crate::checkup::Entry;
use crate::link::{Deadlines, Target};

/// Somebody sits before it and waits.
const WITHIN: Duration = Duration::from_secs(25);
/// Each step of it: a router answers within a second, or is not there.
const STEP: Duration = Duration::from_secs(6);

impl Supervisor {
    /// See [`operations::RouterCommands::check_address`].
    pub(super) async fn look_at_address(&self, asked: AddressTest) -> Result<Vec<Check>, RouterCommandError> {
        let looked = tokio::time::timeout(WITHIN, self.look(asked)).await;
        looked.map_err(|_| RouterCommandError::TimedOut)??.ok_or_else(|| {
            RouterCommandError::Busy(
                "several addresses are being tested at this moment; nothing was sent to this one, try again in a few seconds"
                    .to_owned(),
            )
        })
    }

    async fn look(&self, asked: AddressTest) -> Result<Option<Vec<Check>>, RouterCommandError> {
        let security = self.securities.of_address(asked.tls, asked.fingerprint).await;
        let security = security.map_err(|error| RouterCommandError::Refused(error.to_string()))?;
        let logs_in = asked.login.is_some();
        let (user, password) = match asked.login {
            Some(login) => (login.username, login.password),
            None => (String::new(), SecretString::default()),
        };
        let deadlines = Deadlines { connect: STEP, login: STEP, idle: STEP, ..Deadlines::default() };
        let allowed = self.config.allowed.clone();
        let target =
            Target { security, deadlines, allowed, ..Target::new(asked.host, asked.port, user, password) };
        let entry = Entry { devices: &self.devices, nas: None };
        Ok(match logs_in {
            true => self.testing.check_up(&target, self.clock.now(), entry).await,
            false => self.testing.reach(&target).await,
        })
    }
}
