//! What a server answered.

use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// A good answer's body, as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    /// JSON, or nothing at all.
    pub(crate) text: String,
    /// True when the server says that its data are simulated.
    pub(crate) simulated: bool,
}

impl Answer {
    /// The body as a `T`.
    ///
    /// # Errors
    /// `Said` when it is something else: the server is of another version, or no Tikmeter.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.text).map_err(|error| {
            Failure::said(format!(
                "the server answered something this command does not understand ({error}); are server and command of the \
                 same version? `tikmeter status` tells the server's"
            ))
        })
    }
}
