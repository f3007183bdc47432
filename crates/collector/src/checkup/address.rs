//! Looks at an address that nobody keeps yet.

use accounting::time::Micros;
use operations::Check;
use tokio::sync::Semaphore;

use super::{Entry, check_up_entry, connecting};
use crate::link::transport::Transport;
use crate::link::{Security, Target};

/// Addresses that are looked at by one process at a time: whoever adds routers needs one, and a scan of a network would need many.
/// Overflow rule: one more is refused.
const AT_ONCE: usize = 4;

/// Places for those who test addresses.
#[derive(Debug)]
pub struct Testing(Semaphore);

impl Default for Testing {
    fn default() -> Self {
        Testing(Semaphore::new(AT_ONCE))
    }
}

impl Testing {
    /// Looks an address over, with one login of `target`'s user; `None`: too many do at this moment.
    pub async fn check_up(&self, target: &Target, now: Micros, entry: Entry<'_>) -> Option<Vec<Check>> {
        let _place = self.0.try_acquire().ok()?;
        Some(check_up_entry(target, now, Some(entry)).await)
    }

    /// Whether something answers there, and with TLS what certificate it shows; nobody is logged in. `None`: too many do at this
    /// moment.
    pub async fn reach(&self, target: &Target) -> Option<Vec<Check>> {
        let _place = self.0.try_acquire().ok()?;
        Some(reach(target).await)
    }
}

async fn reach(target: &Target) -> Vec<Check> {
    let with_tls = !matches!(target.security, Security::Plain);
    match Transport::connect(target).await {
        Ok(_) => connecting::reached(with_tls),
        Err(error) => connecting::not_reached(&error, with_tls),
    }
}
