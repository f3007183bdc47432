//! Passwords of operators: argon2id, and never more work at once than a small machine bears.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::OperationError;

/// A shorter one is guessed; what people mean by long is longer.
const SHORTEST: usize = 10;
/// Longer ones are files.
const LONGEST: usize = 256;

/// For whom a password is looked at. Each lane works on one at a time, so that two are at most, and strangers stand in
/// nobody else's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordLane {
    /// Whoever can reach the sign-in.
    Strangers,
    /// Browsers that signed in before, and admins who set a password.
    Known,
}

/// A password nobody can guess, for who does not choose one.
pub fn random_password() -> SecretString {
    hex::encode(rand::random::<[u8; 12]>()).into()
}

/// The places where passwords are hashed; clones share them.
#[derive(Clone)]
pub struct Passwords {
    strangers: Lane,
    known: Lane,
    /// What the password of somebody who is not there is compared with.
    nobodys: Arc<OnceLock<String>>,
    checked: Arc<AtomicU64>,
}

impl Default for Passwords {
    fn default() -> Self {
        Passwords {
            strangers: Lane::of(8),
            known: Lane::of(32),
            nobodys: Arc::default(),
            checked: Arc::default(),
        }
    }
}

impl Passwords {
    /// How many were compared since the process began.
    pub fn checked(&self) -> u64 {
        self.checked.load(Ordering::Relaxed)
    }

    /// What is stored of a password that somebody is to have.
    ///
    /// # Errors
    /// `Invalid` for one that is too short or too long; `Conflict` when too many wait.
    pub(crate) async fn hash(&self, password: SecretString) -> Result<String, OperationError> {
        check(&password)?;
        let place = self.known.place().await.ok_or_else(too_many)?;
        let hashing = tokio::task::spawn_blocking(move || {
            let hash = hashed(password.expose_secret());
            drop(place);
            hash
        });
        hashing.await.map_err(|_| broken())?
    }

    /// Whether a password is the one of that hash; `None` when too many wait. Without a hash it is not, and takes as long.
    pub(crate) async fn is_right(
        &self,
        lane: PasswordLane,
        hash: Option<String>,
        password: SecretString,
    ) -> Result<Option<bool>, OperationError> {
        let lane = match lane {
            PasswordLane::Strangers => &self.strangers,
            PasswordLane::Known => &self.known,
        };
        let Some(place) = lane.place().await else { return Ok(None) };
        self.checked.fetch_add(1, Ordering::Relaxed);
        let nobodys = Arc::clone(&self.nobodys);
        let comparing = tokio::task::spawn_blocking(move || {
            let is_somebodys = hash.is_some();
            let hash = hash.unwrap_or_else(|| nobodys.get_or_init(|| hashed("").unwrap_or_default()).clone());
            let is_right = fits(&hash, password.expose_secret());
            // Whoever stopped waiting does not make room for another one before this one is done.
            drop(place);
            is_right && is_somebodys
        });
        comparing.await.map(Some).map_err(|_| broken())
    }
}

/// One at work, and so many who wait.
#[derive(Clone)]
struct Lane {
    work: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Lane {
    fn of(waiting: usize) -> Self {
        Lane { work: Arc::new(Semaphore::new(1)), waiting: Arc::new(Semaphore::new(waiting)) }
    }

    /// The place, once it is free; `None` at once where as many wait as may.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        let _waits = self.waiting.try_acquire().ok()?;
        Arc::clone(&self.work).acquire_owned().await.ok()
    }
}

fn hashed(password: &str) -> Result<String, OperationError> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|_| broken())?;
    Ok(hash.to_string())
}

fn fits(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Whether somebody may have it.
///
/// # Errors
/// `Invalid`, in words.
pub(crate) fn check(password: &SecretString) -> Result<(), OperationError> {
    let signs = password.expose_secret().chars().count();
    let wrong = if signs < SHORTEST {
        format!("has fewer than {SHORTEST} signs and could be guessed; take some words")
    } else if signs > LONGEST {
        format!("has more than {LONGEST} signs")
    } else {
        return Ok(());
    };
    Err(OperationError::Invalid(format!("the password {wrong}; nothing was changed")))
}

/// More wait than may.
pub(crate) fn too_many() -> OperationError {
    OperationError::Conflict(
        "too many passwords are being looked at at once; nothing was changed, try again".to_owned(),
    )
}

fn broken() -> OperationError {
    OperationError::Conflict(
        "the password could not be hashed; nothing was changed, the log may say why".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        text.to_owned().into()
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_with_its_own_salt_and_fits_its_password_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash(secret("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(passwords.hash(secret("correct horse")).await.unwrap(), hash);
        let is = async |given: Option<&String>, password: &str| {
            passwords.is_right(PasswordLane::Strangers, given.cloned(), secret(password)).await.unwrap()
        };
        assert_eq!(is(Some(&hash), "correct horse").await, Some(true));
        assert_eq!(is(Some(&hash), "correct Horse").await, Some(false));
        assert_eq!(is(None, "").await, Some(false), "nobody has no password, not an empty one");
        assert_eq!(is(Some(&"no hash".to_owned()), "").await, Some(false));
        assert_eq!(passwords.checked(), 4);
    }

    #[tokio::test]
    async fn short_and_endless_ones_are_refused() {
        let passwords = Passwords::default();
        for wrong in ["", "123456789", &"x".repeat(LONGEST + 1)] {
            assert!(
                matches!(passwords.hash(secret(wrong)).await, Err(OperationError::Invalid(_))),
                "{wrong}"
            );
        }
        assert!(passwords.hash(secret("ñandúñandú")).await.is_ok(), "signs count, not octets");
    }

    #[tokio::test]
    async fn few_wait_and_strangers_keep_nobody_else_waiting() {
        let passwords = Passwords::default();
        let at_work = passwords.strangers.place().await.unwrap();
        let waiting: Vec<_> = (0..8).map(|_| stranger(passwords.clone())).collect();
        while passwords.strangers.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = passwords.is_right(PasswordLane::Strangers, None, secret("x")).await.unwrap();
        assert_eq!((refused, passwords.checked()), (None, 0), "nothing was hashed for it");
        let known = passwords.is_right(PasswordLane::Known, None, secret("x")).await.unwrap();
        assert_eq!(known, Some(false));
        drop(at_work);
        for one in waiting {
            assert_eq!(one.await.unwrap(), Some(false));
        }
    }

    fn stranger(passwords: Passwords) -> tokio::task::JoinHandle<Option<bool>> {
        tokio::spawn(
            async move { passwords.is_right(PasswordLane::Strangers, None, secret("x")).await.unwrap() },
        )
    }
}
