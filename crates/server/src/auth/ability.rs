//! What can be allowed, and to whom.

use store::Role;

/// Something that a route asks of whoever calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ability {
    /// One's own account, and what the API is: whoever is somebody.
    OwnAccount,
    /// Figures, subscribers, routers, the journal.
    Look,
    /// Plans, batches, sales.
    LookVouchers,
    /// Codes of vouchers: whoever reads one, or is told that there is one, can go online with it.
    LookCodes,
    /// Make vouchers, stop them, let them go on.
    Sell,
    /// What routers do to people: limits, disconnects, holds, readings, watching.
    Control,
    /// Subscribers, plans, cycles, credits, what is imported.
    Manage,
    /// Who may do what, routers with their secrets (an import brings routers, too), what is kept for how long.
    Administer,
}

use Ability::{Administer, Control, Look, LookCodes, LookVouchers, Manage, OwnAccount, Sell};

impl Ability {
    /// The name in the API; `None` for what everybody may.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            OwnAccount => None,
            Look => Some("look"),
            LookVouchers => Some("look_vouchers"),
            LookCodes => Some("look_codes"),
            Sell => Some("sell"),
            Control => Some("control"),
            Manage => Some("manage"),
            Administer => Some("administer"),
        }
    }
}

/// All that a role may.
pub(crate) fn abilities(role: Role) -> &'static [Ability] {
    match role {
        Role::Admin => &[OwnAccount, Look, LookVouchers, LookCodes, Sell, Control, Manage, Administer],
        Role::Operator => &[OwnAccount, Look, LookVouchers, LookCodes, Sell, Control, Manage],
        Role::Cashier => &[OwnAccount, LookVouchers, LookCodes, Sell],
        Role::Viewer => &[OwnAccount, Look, LookVouchers],
    }
}

/// Whether a role may.
pub(crate) fn may(role: Role, ability: Ability) -> bool {
    abilities(role).contains(&ability)
}
