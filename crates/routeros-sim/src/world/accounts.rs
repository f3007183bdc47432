//! Who may log in to the router, from where, and with which rights (routeros.md §1.8). Users that a script gives its [`Device`](super::Device)
//! are in no menu; those that clients add are in `/user`, and have the rights of their group.

use super::configured::{Item, Settings};
use super::model::World;
use super::policies::{Policies, Policy};
use super::profile::{USER_GROUPS, USERS};
use super::target::Prefix;

/// Somebody who may log in.
pub(crate) struct Account {
    pub(crate) password: Vec<u8>,
    pub(crate) policies: Policies,
}

/// The groups that every router has (routeros.md §1.8).
const STOCK_GROUPS: [(&str, Policies); 3] = [
    ("read", Policies::FULL.without(Policy::Ftp).without(Policy::Write).without(Policy::Policy)),
    ("write", Policies::FULL.without(Policy::Ftp).without(Policy::Policy)),
    ("full", Policies::FULL),
];

impl World {
    pub(crate) fn add_stock_groups(&mut self) {
        for (name, policies) in STOCK_GROUPS {
            let settings =
                [("name", name.to_owned()), ("policy", policies.words()), ("skin", "default".to_owned())];
            let settings: Settings = settings.map(|(name, value)| (name, value.into_bytes())).into();
            self.add_configured(USER_GROUPS, settings);
        }
    }

    /// Who this is; `None` where nobody is called so.
    pub(crate) fn account(&self, name: &[u8]) -> Option<Account> {
        let given = self.device.users.iter().find(|user| user.name == name);
        given
            .map(|user| Account { password: user.password.clone(), policies: user.policies })
            .or_else(|| self.user(name).map(|user| self.account_of(user)))
    }

    /// The same, of whoever comes from this address and may use the API. What else keeps people out is told like a wrong
    /// password (inferred).
    pub(crate) fn api_account(&self, name: &[u8], address: &[u8]) -> Option<Account> {
        let is_let_in = self.user(name).is_none_or(|user| comes_from(user, address));
        self.account(name).filter(|account| is_let_in && account.policies.has(Policy::Api))
    }

    fn user(&self, name: &[u8]) -> Option<&Item> {
        let users = self.configured(USERS);
        let is_it = |user: &Item| user.get("name") == Some(name) && user.get("disabled") != Some(b"true");
        users.find(is_it).map(|user| users.item(user))
    }

    fn account_of(&self, user: &Item) -> Account {
        let groups = self.configured(USER_GROUPS);
        let group = groups.find(|group| group.get("name") == user.get("group"));
        let policies = group.and_then(|group| groups.item(group).get("policy")).and_then(Policies::parse);
        Account {
            password: user.get("password").unwrap_or_default().to_vec(),
            policies: policies.unwrap_or(Policies::NONE),
        }
    }
}

/// Whether a user may come from this address: from anywhere where none is set.
fn comes_from(user: &Item, address: &[u8]) -> bool {
    let allowed = user.get("address").filter(|allowed| !allowed.is_empty());
    let holds = |allowed| Some(Prefix::parse(allowed)?.holds(Prefix::parse(address)?));
    allowed.is_none_or(|allowed| holds(allowed) == Some(true))
}
