//! How many connections one address may hold: where anybody may come, nobody shall take all the places.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Who is here, by address. Clones count together.
#[derive(Clone)]
pub(crate) struct Crowd {
    most: u32,
    here: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

/// One connection; its place is free again when this is dropped.
pub(crate) struct Guest {
    crowd: Crowd,
    from: IpAddr,
}

impl Crowd {
    /// So many from one address.
    pub(crate) fn of(most: u32) -> Self {
        Crowd { most, here: Arc::default() }
    }

    /// However many.
    pub(crate) fn of_any_size() -> Self {
        Crowd::of(u32::MAX)
    }

    /// `None` where too many are here from there already.
    pub(crate) fn enter(&self, from: IpAddr) -> Option<Guest> {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        let count = here.entry(from).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Guest { crowd: self.clone(), from })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut here = self.crowd.here.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = here.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                here.remove(&self.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_its_places_and_gives_them_back() {
        let crowd = Crowd::of(2);
        let [one, other] = [1, 2].map(|last| IpAddr::from([10, 5, 50, last]));
        let (first, second) = (crowd.enter(one), crowd.enter(one));
        assert!(first.is_some() && second.is_some() && crowd.enter(one).is_none());
        assert!(crowd.enter(other).is_some(), "another one has its own");
        drop(first);
        assert!(crowd.enter(one).is_some());
        drop(second);
        assert!(crowd.here.lock().unwrap().is_empty(), "nothing is kept of who has gone");
    }
}
