//! Which router entry polls which device: counters belong to the device, so one listed twice would be billed twice
//! (DESIGN rule 8).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use store::NasId;

/// Devices polled by this process, by their key.
#[derive(Debug, Default)]
pub struct Devices(Mutex<HashMap<Box<str>, (NasId, String)>>);

impl Devices {
    /// Claims `device` for a router entry.
    ///
    /// # Errors
    /// The name of the entry that polls this device already.
    pub fn claim(&self, device: &str, nas: NasId, name: &str) -> Result<(), String> {
        let mut devices = self.devices();
        match devices.get(device) {
            Some((holder, holder_name)) if *holder != nas => Err(holder_name.clone()),
            _ => {
                devices.retain(|_, (holder, _)| *holder != nas);
                devices.insert(device.into(), (nas, name.to_owned()));
                Ok(())
            }
        }
    }

    /// The entry polls nothing any more.
    pub fn release(&self, nas: NasId) {
        self.devices().retain(|_, (holder, _)| *holder != nas);
    }

    /// Every change is one step, so a panic elsewhere leaves a consistent map.
    fn devices(&self) -> MutexGuard<'_, HashMap<Box<str>, (NasId, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_listed_twice_is_refused_and_the_first_is_named() {
        let devices = Devices::default();
        assert_eq!(devices.claim("serial:1", NasId(1), "north"), Ok(()));
        assert_eq!(devices.claim("serial:1", NasId(1), "north"), Ok(()));
        assert_eq!(devices.claim("serial:1", NasId(2), "south"), Err("north".to_owned()));
        devices.release(NasId(1));
        assert_eq!(devices.claim("serial:1", NasId(2), "south"), Ok(()));
    }

    #[test]
    fn a_replaced_device_frees_the_old_one() {
        let devices = Devices::default();
        devices.claim("serial:1", NasId(1), "north").unwrap();
        devices.claim("serial:2", NasId(1), "north").unwrap();
        assert_eq!(devices.claim("serial:1", NasId(2), "south"), Ok(()));
    }
}
