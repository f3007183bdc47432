//! What a login is a login to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a login is a login to: equal names of two kinds are two logins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LoginKind {
    /// PPP, whatever carries it.
    Ppp,
    /// The hotspot.
    Hotspot,
    /// What counts for a static address: an interface or a queue.
    StaticIp,
}

impl LoginKind {
    /// The name it has in answers.
    pub fn as_str(self) -> &'static str {
        accounting::login::LoginKind::from(self).as_str()
    }
}

impl From<accounting::login::LoginKind> for LoginKind {
    fn from(kind: accounting::login::LoginKind) -> Self {
        match kind {
            accounting::login::LoginKind::Ppp => LoginKind::Ppp,
            accounting::login::LoginKind::Hotspot => LoginKind::Hotspot,
            accounting::login::LoginKind::StaticIp => LoginKind::StaticIp,
        }
    }
}

impl From<LoginKind> for accounting::login::LoginKind {
    fn from(kind: LoginKind) -> Self {
        match kind {
            LoginKind::Ppp => accounting::login::LoginKind::Ppp,
            LoginKind::Hotspot => accounting::login::LoginKind::Hotspot,
            LoginKind::StaticIp => accounting::login::LoginKind::StaticIp,
        }
    }
}
