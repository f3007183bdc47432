//! What a group of the router's users may do: the words of `policy=` (routeros.md §1.8).

/// One right of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words are the router's, and routeros.md §1.8 says what each grants")]
pub enum Policy {
    Local,
    Telnet,
    Ssh,
    Ftp,
    Reboot,
    Read,
    Write,
    Policy,
    Test,
    Winbox,
    Password,
    Web,
    Sniff,
    Sensitive,
    Api,
    Romon,
    RestApi,
}

impl Policy {
    /// All, in the order in which a router writes them (routeros.md §7 capture 44).
    const ALL: [(Self, &'static str); 17] = [
        (Self::Local, "local"),
        (Self::Telnet, "telnet"),
        (Self::Ssh, "ssh"),
        (Self::Ftp, "ftp"),
        (Self::Reboot, "reboot"),
        (Self::Read, "read"),
        (Self::Write, "write"),
        (Self::Policy, "policy"),
        (Self::Test, "test"),
        (Self::Winbox, "winbox"),
        (Self::Password, "password"),
        (Self::Web, "web"),
        (Self::Sniff, "sniff"),
        (Self::Sensitive, "sensitive"),
        (Self::Api, "api"),
        (Self::Romon, "romon"),
        (Self::RestApi, "rest-api"),
    ];

    fn of(word: &[u8]) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| name.as_bytes() == word).map(|(policy, _)| *policy)
    }
}

/// A set of rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policies(u32);

impl Policies {
    /// No right at all.
    pub const NONE: Self = Self(0);
    /// `api` and `read`: what a meter needs.
    pub const READ_ONLY: Self = Self::of(&[Policy::Api, Policy::Read]);
    /// Every right.
    pub const FULL: Self = Self((1 << Policy::ALL.len()) - 1);

    /// Exactly these.
    #[must_use]
    pub const fn of(policies: &[Policy]) -> Self {
        let (mut set, mut next) = (Self::NONE, 0);
        while next < policies.len() {
            set = set.with(policies[next]);
            next += 1;
        }
        set
    }

    /// The same and this one.
    #[must_use]
    pub const fn with(self, policy: Policy) -> Self {
        Self(self.0 | 1 << policy as u32)
    }

    /// The same but this one.
    #[must_use]
    pub const fn without(self, policy: Policy) -> Self {
        Self(self.0 & !(1 << policy as u32))
    }

    /// Whether all of these are among them.
    #[must_use]
    pub const fn allow(self, needed: Self) -> bool {
        self.0 & needed.0 == needed.0
    }

    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, policy: Policy) -> bool {
        self.allow(Self::of(&[policy]))
    }

    /// From `api,read,!write`; `None` where a word is no right.
    pub(crate) fn parse(words: &[u8]) -> Option<Self> {
        let words = words.split(|&byte| byte == b',').filter(|word| !word.is_empty());
        words.into_iter().try_fold(Self::NONE, |set, word| match word.strip_prefix(b"!") {
            Some(denied) => Policy::of(denied).map(|policy| set.without(policy)),
            None => Policy::of(word).map(|policy| set.with(policy)),
        })
    }

    /// As a router writes them: first what is granted, then what is not (routeros.md §7 capture 44).
    pub(crate) fn words(self) -> String {
        let granted =
            Policy::ALL.iter().filter(|(policy, _)| self.has(*policy)).map(|(_, word)| (*word).to_owned());
        let denied =
            Policy::ALL.iter().filter(|(policy, _)| !self.has(*policy)).map(|(_, word)| format!("!{word}"));
        granted.chain(denied).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::{Policies, Policy};

    #[test]
    fn they_are_written_as_captured_and_read_back_as_they_were() {
        let stock = "local,telnet,ssh,reboot,read,test,winbox,password,web,sniff,sensitive,api,romon,rest-api,\
                     !ftp,!write,!policy";
        let read = Policies::parse(stock.as_bytes()).unwrap();
        assert_eq!(read.words(), stock);
        assert!(read.has(Policy::Reboot) && !read.has(Policy::Write));
        assert_eq!(Policies::parse(b"api,read"), Some(Policies::READ_ONLY));
        assert_eq!(Policies::parse(b"api,read,write,!write"), Some(Policies::READ_ONLY));
        assert_eq!(Policies::parse(Policies::FULL.words().as_bytes()), Some(Policies::FULL));
        assert_eq!(Policies::parse(b"api,rest"), None);
    }
}
