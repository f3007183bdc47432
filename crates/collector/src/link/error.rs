//! Why a link failed, told by what can be done about it.

use std::time::Duration;

use routeros_proto::{DecodeError, Trap};
use store::Fingerprint;

use crate::link::address::Address;
use crate::link::insecure::{Insecure, TlsFailure};

/// What went wrong between us and a router. Each variant calls for something else; the text is one or two sentences
/// for people, with the RouterOS command that mends it where there is one.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// No TCP connection stands. Try again later.
    #[error("{0}")]
    Unreachable(Unreachable),
    /// TLS failed, or the router is not the one we know. Only its operator can mend it; nothing was sent.
    #[error("{0}")]
    Insecure(Insecure),
    /// The router does not take this user and password. Never retried in a loop.
    #[error(
        "The router refused the login of {user}: {message}. Check name and password, that the user's group may use the \
         API (`/user group set GROUP policy=api,read`), and that no address restriction shuts us out \
         (`/user print`, `/ip service print`).",
        user = .0.subject, message = .0.message()
    )]
    LoginRefused(Refusal),
    /// The user's group may not do this. The link stays usable.
    #[error(
        "The router refused {command}: {message}. Give the user's group the right `read`: \
         `/user group set GROUP policy=api,read` (and `write`, where limits, vouchers or disconnects are used: the list replaces the one of before).",
        command = .0.subject, message = .0.message()
    )]
    NoRights(Refusal),
    /// This router has no such menu (package or version). The link stays usable.
    #[error(
        "The router does not know {command} ({message}). Install or enable the package that has this menu, or update \
         RouterOS: `/system package print` shows what is there.",
        command = .0.subject, message = .0.message()
    )]
    MissingMenu(Refusal),
    /// The router ended a command with another error; rows that came before it are partial. The link stays usable.
    #[error(
        "The router broke off {command}: {message}. Its rows were not used; the next reading asks again.",
        command = .0.subject, message = .0.message()
    )]
    Trapped(Refusal),
    /// What came is not the RouterOS API.
    #[error(
        "What the router sent is not the RouterOS API ({0}). Check that the port is the one of \
         `/ip service print where name=api`."
    )]
    Protocol(Garbage),
    /// The router took too long.
    #[error(
        "The router {0}. The connection was dropped; the next reading makes a new one; \
         `/system resource print` shows whether it is overloaded."
    )]
    TimedOut(Deadline),
    /// The connection is gone.
    #[error("{0}")]
    Closed(Closed),
}

/// What mends a right to write that is missing.
pub const MAY_WRITE: &str = "Give the user's group the right `write`: `/user group set GROUP policy=api,read,write`; `tikmeter router bootstrap \
     --for limits,disconnect,vouchers` prints a user of its own for that";

impl LinkError {
    /// False when only one command failed and the connection can be used for the next.
    pub fn ends_link(&self) -> bool {
        !matches!(self, LinkError::NoRights(_) | LinkError::MissingMenu(_) | LinkError::Trapped(_))
    }

    /// Why a command that was to change something was not taken, and what to do about it.
    pub fn of_change(&self) -> String {
        match self {
            LinkError::NoRights(refusal) => {
                format!("the router refused {}: {}. {MAY_WRITE}", refusal.subject, refusal.message())
            }
            LinkError::MissingMenu(refusal) | LinkError::Trapped(refusal) => {
                format!("the router refused {}: {}", refusal.subject, refusal.message())
            }
            other => other.to_string(),
        }
    }

    /// The certificate that was shown and is not the one to expect, if that is why there is no link.
    pub fn refused_certificate(&self) -> Option<Fingerprint> {
        match self {
            LinkError::Insecure(Insecure { why: TlsFailure::Changed { seen, .. }, .. })
            | LinkError::Insecure(Insecure { why: TlsFailure::Unknown { seen }, .. }) => Some(*seen),
            _ => None,
        }
    }

    /// True when what a command named by its `.id` is not there any more (routeros.md §1.4).
    pub fn is_no_such_item(&self) -> bool {
        matches!(self, LinkError::Trapped(refusal) if refusal.trap.is("no such item"))
    }

    /// True when only somebody with a hand on the router can mend it.
    pub fn is_for_the_operator(&self) -> bool {
        matches!(self, LinkError::NoRights(_) | LinkError::MissingMenu(_))
    }

    /// True when we were answered and do not get what we want, so that another try needs something mended first.
    pub fn is_refusal(&self) -> bool {
        self.is_for_the_operator() || matches!(self, LinkError::Insecure(_) | LinkError::LoginRefused(_))
    }

    /// True when a connection that could not be opened may have met a router whose API has no place left: how that
    /// shows is not established (routeros.md U7), so a closed connection, a refused one and a refused login may all be it.
    pub fn may_be_full(&self) -> bool {
        match self {
            LinkError::Closed(_)
            | LinkError::LoginRefused(_)
            | LinkError::Unreachable(Unreachable::Refused { .. }) => true,
            LinkError::Unreachable(Unreachable::Network { cause, .. }) => {
                cause.kind() == std::io::ErrorKind::ConnectionReset
            }
            _ => false,
        }
    }

    /// Sorts a trap by its text. The texts carry unstable number suffixes and are matched without them
    /// (routeros.md §1.4).
    pub fn from_trap(command: &str, trap: Trap) -> LinkError {
        let refusal = Refusal { subject: command.into(), trap };
        if refusal.trap.is("not enough permissions") {
            LinkError::NoRights(refusal)
        } else if refusal.trap.is("no such command") {
            LinkError::MissingMenu(refusal)
        } else {
            LinkError::Trapped(refusal)
        }
    }
}

/// A trap and what it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The command's path; for a login the user's name.
    pub subject: Box<str>,
    /// The router's words.
    pub trap: Trap,
}

impl Refusal {
    /// The router's words with control characters made visible: they go to terminals and logs.
    pub fn message(&self) -> String {
        said(&self.trap.message)
    }
}

/// The router's words; some say none.
fn said(text: &str) -> String {
    if text.is_empty() { "it did not say why".to_owned() } else { text.escape_debug().to_string() }
}

/// Why there is no TCP connection.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum Unreachable {
    #[error("The name of {address} could not be resolved ({cause}). Check the router's host.")]
    NoName { address: Address, cause: std::io::Error },
    #[error("No router may be at {address} ({ip}): {why}. Nothing was sent.")]
    NotAllowed { address: Address, ip: std::net::IpAddr, why: String },
    #[error(
        "{address} refused the connection. The router's API is off or on another port: `/ip service enable api` and \
         `/ip service print`."
    )]
    Refused { address: Address },
    #[error(
        "{address} did not answer within {seconds} s. Check the address, that the router is up, and that no firewall \
         drops the port: `/ip service print` and `/ip firewall filter print`.",
        seconds = within.as_secs_f32()
    )]
    NoAnswer { address: Address, within: Duration },
    #[error("{address} could not be reached ({cause}). Check the address and the network between.")]
    Network { address: Address, cause: std::io::Error },
}

/// What was wrong with the bytes received.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum Garbage {
    #[error("{0}")]
    Undecodable(DecodeError),
    #[error("a sentence began with \"{0}\" where a reply word belongs")]
    NoReplyWord(String),
    #[error("the login was answered with neither a challenge, a refusal nor success")]
    LoginAnswer,
    #[error("the answer to one command was longer than {0} bytes; the connection was dropped")]
    TooMuch(u64),
}

/// Which wait ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum Deadline {
    #[error(
        "did not finish the TLS handshake within {} s. Perhaps this is the port without TLS; the other is that of \
         `/ip service print where name=api-ssl`", .0.as_secs_f32()
    )]
    Handshake(Duration),
    #[error(
        "did not finish the login within {} s (or this is not the API's port: 8728 unless changed, `/ip service print`)",
        .0.as_secs_f32()
    )]
    Login(Duration),
    #[error("sent nothing for {} s in the middle of a command", .0.as_secs_f32())]
    Idle(Duration),
    #[error("did not finish a command within {} s", .0.as_secs_f32())]
    Command(Duration),
    #[error("did not take a command within {} s", .0.as_secs_f32())]
    Write(Duration),
}

/// How the connection ended.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum Closed {
    #[error(
        "The router closed the connection during login. Its API may be full (`/ip service print`: max-sessions) or \
         closed to our address (`/ip service set api address=...`), or this is not the API's port (8728 unless changed; \
         8729 is for --tls pinned or verified)."
    )]
    DuringLogin,
    #[error(
        "The router closed the connection during the TLS handshake. Its api-ssl service may be full or closed to our \
         address (`/ip service print detail`), or this is not its port (8729 unless changed)."
    )]
    DuringHandshake,
    #[error("The router ended the connection: {}. The next reading makes a new one.", said(.0))]
    Fatal(String),
    #[error(
        "The connection ended without a word, as when the router reboots. The next reading makes a new one."
    )]
    EndOfStream,
    #[error("The connection broke ({0}). The next reading makes a new one.")]
    Broken(std::io::Error),
    #[error("The connection was already given up. The next reading makes a new one.")]
    Earlier,
    #[error("A command was abandoned before its answer was complete, so the connection was given up.")]
    Abandoned,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(message: &str) -> LinkError {
        LinkError::from_trap("/ppp/active/print", Trap { category: None, message: message.into() })
    }

    #[test]
    fn a_router_that_gives_no_reason_leaves_no_hole_in_the_sentence() {
        let fatal = LinkError::Closed(Closed::Fatal(String::new())).to_string();
        assert_eq!(
            fatal,
            "The router ended the connection: it did not say why. The next reading makes a new one."
        );
        let trapped = sorted("").to_string();
        assert!(trapped.contains("/ppp/active/print: it did not say why. Its rows"), "{trapped}");
    }

    #[test]
    fn a_close_during_login_names_the_wrong_port_too() {
        assert!(Closed::DuringLogin.to_string().contains("not the API's port (8728"));
    }

    #[test]
    fn traps_are_sorted_by_what_mends_them() {
        assert!(matches!(sorted("not enough permissions (9)"), LinkError::NoRights(_)));
        assert!(matches!(sorted("no such command prefix"), LinkError::MissingMenu(_)));
        assert!(matches!(sorted("no such command or directory (print)"), LinkError::MissingMenu(_)));
        assert!(matches!(sorted("no such item (4)"), LinkError::Trapped(_)));
    }

    #[test]
    fn a_trap_leaves_the_link_usable_and_a_timeout_does_not() {
        assert!(!sorted("no such item").ends_link());
        assert!(LinkError::TimedOut(Deadline::Idle(Duration::from_secs(1))).ends_link());
        assert!(LinkError::Closed(Closed::EndOfStream).ends_link());
    }

    #[test]
    fn the_routers_words_cannot_command_a_terminal() {
        let text = sorted("\u{1b}[2Jgone").to_string();
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn no_rights_names_the_command_that_mends_it() {
        let text = sorted("not enough permissions (9)").to_string();
        assert!(text.contains("/user group set GROUP policy=api,read"), "{text}");
        assert!(text.contains("/ppp/active/print"), "{text}");
    }
}
