//! Accounting subjects: who a reading is counted for, and into which cycle.

/// The kinds of logins. A PPP login is one subject whatever service carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoginKind {
    /// PPPoE, L2TP, PPTP, SSTP, OVPN.
    Ppp,
}

impl LoginKind {
    /// The stable name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            LoginKind::Ppp => "ppp",
        }
    }
}

/// A login as the store resolved it for one router: the narrowest one that a subscriber is bound to, else the
/// router's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginRef {
    /// Row of the login.
    pub id: i64,
    /// The open cycle of its subscriber; `None` for a login nobody is bound to.
    pub cycle: Option<i64>,
}
