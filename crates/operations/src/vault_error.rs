//! Why a password cannot be sealed or opened.

/// Nothing was changed, whatever the variant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The key cannot be used; the sentence says why and what to do.
    #[error("{0}")]
    KeyFile(String),
    /// It was sealed with another key. Fingerprints.
    #[error(
        "its stored password was sealed with another key ({sealed_with}) than the one that is here ({ours}). If the key was \
         changed at another process (`tikmeter key rotate`), copy that one's key here: it is taken up within seconds. If the \
         key is lost, put its file back and start again, or set the password again; nothing else is lost"
    )]
    OtherKey {
        /// With which it was.
        sealed_with: String,
        /// With which it would have been here.
        ours: String,
    },
    /// It was sealed for another address, or damaged.
    #[error("its stored password does not belong to this address; set the password again")]
    OtherAddress,
}
