//! Why TLS to a router came to nothing, with the commands on the router that mend it. The commands are those of the
//! vendor's manual (`/certificate`, `/ip/service`); which failure a real server answers is tested against OpenSSL.

use std::fmt;
use std::io;

use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};
use store::Fingerprint;

use crate::link::address::Address;

/// A router we do not send a password to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insecure {
    /// Where it is.
    pub address: Address,
    /// Why not.
    pub why: TlsFailure,
}

/// Why a router cannot be trusted with a password. Nothing but the handshake was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFailure {
    /// Nothing that both sides know: it has no certificate (anonymous Diffie-Hellman), only finite-field Diffie-Hellman,
    /// which rustls does not speak, or only a curve that we do not offer, as a certificate with a P-521 key demands in
    /// TLS 1.2.
    NoCommonExchange,
    /// Only TLS older than 1.2.
    TooOld,
    /// Its signature cannot be checked, as with RSA keys below 2048 bits.
    WeakKey,
    /// It shows another certificate than the remembered one.
    Changed {
        /// The remembered one.
        known: Fingerprint,
        /// The one it shows.
        seen: Fingerprint,
    },
    /// No certificate is known and none may be remembered.
    Unknown {
        /// The one it shows.
        seen: Fingerprint,
    },
    /// The first certificate could not be written down.
    NotRemembered(String),
    /// No authority that we know signed its certificate.
    UnknownAuthority,
    /// Its certificate is for other names.
    OtherName,
    /// Its certificate is over, or does not hold yet.
    NotValidNow,
    /// It showed no certificate.
    NoCertificate,
    /// The host in its configuration can be in no certificate.
    NoServerName,
    /// What it sent is not TLS.
    NotTls,
    /// Anything else, in the words of the TLS library.
    Other(String),
}

impl TlsFailure {
    /// What a failed handshake says of the router; gives the error back when it was the network.
    pub(super) fn of(error: io::Error) -> Result<TlsFailure, io::Error> {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(inner) => Ok(TlsFailure::judge(inner)),
            None => Err(error),
        }
    }

    fn judge(error: &Error) -> TlsFailure {
        match error {
            Error::AlertReceived(AlertDescription::HandshakeFailure) => TlsFailure::NoCommonExchange,
            Error::AlertReceived(AlertDescription::ProtocolVersion)
            | Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => TlsFailure::TooOld,
            Error::InvalidCertificate(error) => TlsFailure::judge_certificate(error),
            Error::InvalidMessage(_) => TlsFailure::NotTls,
            Error::NoCertificatesPresented => TlsFailure::NoCertificate,
            other => TlsFailure::Other(other.to_string()),
        }
    }

    fn judge_certificate(error: &CertificateError) -> TlsFailure {
        match error {
            CertificateError::BadSignature => TlsFailure::WeakKey,
            CertificateError::UnknownIssuer => TlsFailure::UnknownAuthority,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsFailure::OtherName
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TlsFailure::NotValidNow,
            CertificateError::Other(other) => other
                .0
                .downcast_ref::<TlsFailure>()
                .cloned()
                .unwrap_or_else(|| TlsFailure::Other(other.to_string())),
            other => TlsFailure::Other(other.to_string()),
        }
    }
}

impl std::error::Error for TlsFailure {}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TlsFailure::NoCommonExchange => f.write_str(
                "offers no key exchange that proves who it is and is known here (the curves X25519, P-256 and P-384): \
                 api-ssl has no certificate (anonymous Diffie-Hellman) or one with a P-521 key, or RouterOS is too old \
                 for elliptic curves",
            ),
            TlsFailure::TooOld => f.write_str("speaks only TLS older than 1.2"),
            TlsFailure::WeakKey => f.write_str(
                "signs with a key that cannot be checked, as RSA keys of less than 2048 bits cannot",
            ),
            TlsFailure::Changed { known, seen } => {
                write!(f, "shows another certificate (SHA-256 {seen}) than the remembered one ({known})")
            }
            TlsFailure::Unknown { seen } => write!(f, "shows a certificate that is not known here: SHA-256 {seen}"),
            TlsFailure::NotRemembered(cause) => {
                write!(f, "showed its certificate, which could not be written down: {cause}")
            }
            TlsFailure::UnknownAuthority => {
                f.write_str("shows a certificate that no authority known here has signed")
            }
            TlsFailure::OtherName => f.write_str("shows a certificate for other names"),
            TlsFailure::NotValidNow => {
                f.write_str("shows a certificate that is over, or does not hold yet by this server's clock")
            }
            TlsFailure::NoCertificate => f.write_str("shows no certificate"),
            TlsFailure::NoServerName => f.write_str("has a host that can stand in no certificate"),
            TlsFailure::NotTls => f.write_str("does not speak TLS on this port"),
            TlsFailure::Other(cause) => write!(f, "failed at TLS ({})", cause.escape_debug()),
        }
    }
}

impl fmt::Display for Insecure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}; no password was sent. {}", self.address, self.why, self.cure())
    }
}

impl Insecure {
    fn cure(&self) -> String {
        match &self.why {
            TlsFailure::NoCommonExchange | TlsFailure::NoCertificate => format!(
                "Give it a certificate with an RSA key: {}. If it has one with an RSA key already, upgrade RouterOS: \
                 `/system package update check-for-updates`.",
                self.new_certificate()
            ),
            TlsFailure::TooOld => "Let it speak TLS 1.2: `/ip service set api-ssl tls-version=only-1.2`; where that is \
                                   not known or does not help, upgrade RouterOS: \
                                   `/system package update check-for-updates`."
                .to_owned(),
            TlsFailure::WeakKey => format!("Give it a certificate with a longer key: {}.", self.new_certificate()),
            TlsFailure::Changed { seen, .. } => format!(
                "If you made a new one, or replaced the router: `tikmeter router edit NAME --fingerprint {seen}`. \
                 If not, somebody may be between you and it."
            ),
            TlsFailure::Unknown { .. } => {
                "If that is the router's own, repeat with --fingerprint and these digits.".to_owned()
            }
            TlsFailure::NotRemembered(_) => "It is tried again.".to_owned(),
            TlsFailure::UnknownAuthority => {
                "Name your authority's file (`[tls] ca_file`), or recognise the router by its certificate alone: \
                 `tikmeter router edit NAME --tls pinned`."
                    .to_owned()
            }
            TlsFailure::OtherName => format!(
                "Use a name that stands in it as the router's host, or sign one for this host: \
                 `/certificate add name=tikmeter common-name={host} subject-alt-name={kind}:{host}`, \
                 `/certificate sign tikmeter ca=YOUR-CA`, `/ip service set api-ssl certificate=tikmeter`.",
                host = self.address.host(),
                kind = if self.address.is_ip() { "IP" } else { "DNS" },
            ),
            TlsFailure::NotValidNow => format!(
                "Compare the clocks (`/system clock print` on the router), or make a new one: {}.",
                self.new_certificate()
            ),
            TlsFailure::NoServerName => "Use a host name or an address as the router's host.".to_owned(),
            TlsFailure::NotTls => "The port with TLS is the one of `/ip service print where name=api-ssl` (8729 unless \
                                   changed)."
                .to_owned(),
            TlsFailure::Other(_) => format!(
                "Look at `/certificate print detail` and `/ip service print detail`; a new certificate is made by {}.",
                self.new_certificate()
            ),
        }
    }

    fn new_certificate(&self) -> String {
        format!(
            "`/certificate add name=tikmeter common-name={} key-size=2048 days-valid=3650`, \
             `/certificate sign tikmeter`, `/ip service set api-ssl certificate=tikmeter disabled=no`",
            self.address.host()
        )
    }
}
