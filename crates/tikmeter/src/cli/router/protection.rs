//! How the connection to a router is protected, as commands say it.

use clap::ValueEnum;
use collector::link::Security;
use collector::link::security::{Authorities, Pin};
use store::{Fingerprint, TlsMode};

use crate::failure::Failure;

/// The TLS modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Tls {
    /// Plain TCP
    Off,
    /// TLS with a remembered certificate
    Pinned,
    /// TLS with a certificate that a known authority signed
    Verified,
}

impl Tls {
    /// Its word in the API.
    pub(super) fn word(self) -> &'static str {
        self.mode().as_str()
    }

    fn mode(self) -> TlsMode {
        match self {
            Tls::Off => TlsMode::Off,
            Tls::Pinned => TlsMode::Pinned,
            Tls::Verified => TlsMode::Verified,
        }
    }
}

/// Flags of commands that reach a router by themselves. Nothing is remembered, so nothing is accepted on first sight.
#[derive(Debug, clap::Args)]
pub(super) struct ProtectionArgs {
    /// How the connection is protected
    #[arg(long, value_name = "MODE", default_value = "off")]
    tls: Tls,
    /// SHA-256 of the certificate it must show, for --tls pinned; without it the command shows the one it sees and ends
    #[arg(long, value_name = "HEX")]
    fingerprint: Option<Fingerprint>,
    /// The authorities' certificates for --tls verified, PEM [default: the system's]
    #[arg(long, value_name = "FILE")]
    ca_file: Option<std::path::PathBuf>,
}

impl ProtectionArgs {
    /// The port unless one is given.
    pub(super) fn usual_port(&self) -> u16 {
        self.tls.mode().usual_port()
    }

    /// What the connection needs.
    ///
    /// # Errors
    /// When the flags contradict each other, or the authorities cannot be read.
    pub(super) fn security(&self) -> Result<Security, Failure> {
        if self.fingerprint.is_some() && self.tls != Tls::Pinned {
            return Err(Failure::usage("--fingerprint is for --tls pinned only"));
        }
        if self.ca_file.is_some() && self.tls != Tls::Verified {
            return Err(Failure::usage("--ca-file is for --tls verified only"));
        }
        Ok(match (self.tls, &self.ca_file) {
            (Tls::Off, _) => Security::Plain,
            (Tls::Pinned, _) => Security::Pinned(Pin::strict(self.fingerprint)),
            (Tls::Verified, Some(file)) => {
                Security::Verified(Authorities::of_file(file).map_err(Failure::from_display)?)
            }
            (Tls::Verified, None) => {
                Security::Verified(Authorities::of_system().map_err(Failure::from_display)?)
            }
        })
    }
}
