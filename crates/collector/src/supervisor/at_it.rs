//! Logins of which a session is being ended. Whoever comes second could take the session that came after for the one that was
//! meant.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use operations::{RouterCommandError, name_for_people};
use store::NasId;

type Login = (NasId, Vec<u8>);

/// See the module.
#[derive(Clone, Default)]
pub(super) struct AtIt(Arc<Mutex<HashSet<Login>>>);

/// Somebody is at it until this is dropped.
pub(super) struct Hold {
    all: AtIt,
    which: Login,
}

impl AtIt {
    /// # Errors
    /// `Busy` when somebody is.
    pub(super) fn begin(&self, nas: NasId, login: &[u8]) -> Result<Hold, RouterCommandError> {
        self.try_begin(nas, login).ok_or_else(|| {
            RouterCommandError::Busy(format!(
                "a session of {} is being ended on this router at this moment; nothing more was done, look at the sessions first",
                name_for_people(login)
            ))
        })
    }

    /// `None` when somebody is.
    pub(super) fn try_begin(&self, nas: NasId, login: &[u8]) -> Option<Hold> {
        let which = (nas, login.to_vec());
        self.all(|all| all.insert(which.clone())).then(|| Hold { all: self.clone(), which })
    }

    fn all<T>(&self, with: impl FnOnce(&mut HashSet<Login>) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.all.all(|all| all.remove(&self.which));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_at_it_until_they_let_go() {
        let (at_it, tower) = (AtIt::default(), NasId(1));
        let first = at_it.try_begin(tower, b"ana").expect("nobody was");
        assert!(at_it.try_begin(tower, b"ana").is_none() && at_it.begin(tower, b"ana").is_err());
        assert!(at_it.try_begin(NasId(2), b"ana").is_some() && at_it.try_begin(tower, b"bob").is_some());
        drop(first);
        assert!(at_it.try_begin(tower, b"ana").is_some());
    }
}
