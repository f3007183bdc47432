//! For whom a limit is.

use serde::Serialize;

/// For whom: exactly one.
#[derive(Debug, clap::Args, Serialize)]
#[group(id = "who", required = true, multiple = false, args = ["mac", "login", "address", "subscriber"])]
pub(super) struct Who {
    /// A device of the hotspot, by its MAC
    #[arg(long)]
    mac: Option<String>,
    /// A login, as its router gives it: all its PPP sessions, or its one device of the hotspot
    #[arg(long)]
    #[serde(rename = "username")]
    login: Option<String>,
    /// An address or prefix of somebody without a session
    #[arg(long)]
    address: Option<String>,
    /// A subscriber, by username or id: whatever they have now, or the interface that faces them
    #[arg(long)]
    subscriber: Option<String>,
}

impl Who {
    /// As the address of a request names them.
    pub(super) fn query(&self) -> [(&'static str, Option<&str>); 4] {
        let Who { mac, login, address, subscriber } = self;
        [
            ("mac", mac.as_deref()),
            ("username", login.as_deref()),
            ("address", address.as_deref()),
            ("subscriber", subscriber.as_deref()),
        ]
    }
}
