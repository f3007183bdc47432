//! Logins that are nobody's, and whose the things are that routers showed.

use accounting::login::{DEVICE_PREFIX, LoginKind, LoginName};
use accounting::standing::login_of_counter;
use accounting::table::Table;
use store::{LoginOwner, Nas, Scope, UnknownLogin, UnknownLoginQuery};

use super::code::FindingCode;
use super::finding::{Finding, MendPlace};
use crate::error::OperationError;
use crate::names::{name_for_people, name_from_text, name_to_text};
use crate::operations::Operations;
use crate::shell_word::shell_word;
use crate::vouchers::stored_code;

/// So many are looked at, and no more are told of.
const LOOKED_AT: u32 = 100;
/// So many are told with the command that makes them somebody's.
const TOLD: usize = 5;

impl Operations {
    /// One finding for each of the first few, and one for the rest. Who came in with a voucher has paid for it. Devices that the hotspot lets through are findings of their own, and a
    /// counter that was enrolled once is asked for no more when it is nobody's.
    pub(super) async fn unmatched_logins(&self, nas: &Nas) -> Result<Vec<Finding>, OperationError> {
        let router = nas.config.name.clone();
        let query = UnknownLoginQuery {
            router: Some(router),
            limit: LOOKED_AT,
            reach: self.reach.clone(),
            ..UnknownLoginQuery::default()
        };
        let mut logins = self.unknown_logins(query).await?;
        logins.retain(|login| match login.kind {
            LoginKind::Hotspot => !login.name.starts_with(DEVICE_PREFIX),
            LoginKind::StaticIp => false,
            _ => true,
        });
        let codes = logins.iter().map(|login| stored_code(&name_to_text(&login.name))).collect();
        let codes = self.known_voucher_codes(codes).await?;
        logins.retain(|login| !codes.contains(&stored_code(&name_to_text(&login.name))));
        let rest = logins.len().saturating_sub(TOLD);
        let mut findings: Vec<Finding> = logins.iter().take(TOLD).map(unmatched).collect();
        if rest > 0 {
            let what = format!("{rest} more logins are nobody's.");
            let all = format!("tikmeter subscriber unknown --router {}", shell_word(&nas.config.name));
            findings.push(Finding::new(FindingCode::UnmatchedLogin, what).mended(MendPlace::Shell, all));
        }
        Ok(findings)
    }

    /// What a router's look found, without the devices that are somebody's here, and with whose the interfaces are.
    pub(super) async fn with_owners(
        &self,
        nas: &Nas,
        found: Vec<Finding>,
    ) -> Result<Vec<Finding>, OperationError> {
        let mut kept = Vec::with_capacity(found.len());
        for finding in found {
            let owner = match login_of(&finding) {
                Some(login) => self.owner_on(nas, login).await?,
                None => None,
            };
            match (finding.code, owner) {
                (FindingCode::BypassedDevice, Some(_)) => {}
                (FindingCode::DirectionSwapped, Some(owner)) => kept.push(swapped(nas, finding, &owner)),
                _ => kept.push(finding),
            }
        }
        Ok(kept)
    }

    /// The username of whoever has that login on a router, by any binding.
    async fn owner_on(&self, nas: &Nas, login: LoginName) -> Result<Option<String>, OperationError> {
        let group = nas.config.group.clone().map(Scope::Group);
        let scopes = [Scope::Router(nas.config.name.clone()), Scope::All].into_iter().chain(group);
        let owners = self.store.login_owners(scopes.map(|scope| (login.clone(), scope)).collect()).await?;
        Ok(owners.into_iter().find_map(|owner| match owner {
            LoginOwner::Subscriber(name) | LoginOwner::Renamed(name) => Some(name),
            _ => None,
        }))
    }
}

/// The login by which the thing counts that a finding is about.
fn login_of(finding: &Finding) -> Option<LoginName> {
    let thing = name_from_text(finding.about.as_deref()?).ok()?;
    match finding.code {
        FindingCode::BypassedDevice => {
            Some(LoginName::new(LoginKind::Hotspot, [DEVICE_PREFIX, &thing].concat()))
        }
        FindingCode::DirectionSwapped => Some(login_of_counter(Table::Facing, &thing)),
        _ => None,
    }
}

fn swapped(nas: &Nas, finding: Finding, owner: &str) -> Finding {
    let thing = name_from_text(finding.about.as_deref().unwrap_or_default()).unwrap_or_default();
    let login = login_of_counter(Table::Facing, &thing);
    let command = format!(
        "tikmeter subscriber unbind {} {} --service static_ip --router {}",
        shell_word(owner),
        shell_word(&name_to_text(&login.name)),
        shell_word(&nas.config.name)
    );
    finding
        .mended(MendPlace::Shell, command)
        .mended(MendPlace::Admin, "Then enrol the interface that faces them, or their queue.")
}

fn unmatched(login: &UnknownLogin) -> Finding {
    let octets = login.octets.input.saturating_add(login.octets.output);
    let what = format!(
        "The login {} is nobody's on this router; it moved {octets} octets that are on no bill.",
        name_for_people(&login.name)
    );
    let name = name_to_text(&login.name);
    let service = login.service.map(|service| service.as_str()).unwrap_or(login.kind.as_str());
    let command = format!(
        "tikmeter subscriber add {name} --login {name} --router {} --service {}",
        shell_word(&login.router),
        shell_word(service),
        name = shell_word(&name)
    );
    Finding::new(FindingCode::UnmatchedLogin, what).about(name).mended(MendPlace::Shell, command)
}
