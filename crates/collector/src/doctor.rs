//! Looks on a router for what makes figures or limits wrong there: one login, one narrow print for each table, and nothing is changed.

mod clock;
mod direction;
mod firewall;
mod hotspot;
mod rights;
mod services;
mod version;
mod visit;

use accounting::time::Micros;
use operations::{Finding, FindingCode, MendPlace, Patient};

use crate::checkup::uncounted;
use crate::link::{Link, LinkError, Target};
use visit::Visit;

/// Looks. `now` is our clock, to judge the router's by.
///
/// # Errors
/// What kept the router from being looked at; then nothing is known.
pub async fn diagnose(target: &Target, patient: &Patient, now: Micros) -> Result<Vec<Finding>, LinkError> {
    let mut link = Link::open(target).await?;
    let mut chart = Chart::default();
    let visit = Visit { target, patient, now };
    chart.note(version::look(&mut link).await)?;
    chart.note(uncounted(&mut link).await.map(told))?;
    chart.note(firewall::look(&mut link).await)?;
    chart.note(clock::look(&mut link, &visit).await)?;
    chart.note(services::look(&mut link, &visit).await)?;
    chart.note(direction::look(&mut link, &visit).await)?;
    let has_hotspot = hotspot::servers(&mut link).await? > 0;
    if has_hotspot {
        chart.note(hotspot::look(&mut link).await)?;
        chart.note(hotspot::hand_over(&mut link, &visit).await)?;
    }
    let changes = patient.is_limited || patient.is_changed || (has_hotspot && patient.portal_port.is_some());
    if changes {
        chart.note(rights::look(&mut link, &target.user).await)?;
    }
    Ok(chart.findings)
}

fn told(uncounted: Vec<String>) -> Vec<Finding> {
    uncounted.into_iter().map(|told| Finding::new(FindingCode::NotCountable, told)).collect()
}

/// What was found so far.
#[derive(Default)]
struct Chart {
    findings: Vec<Finding>,
    lacks_rights: bool,
}

impl Chart {
    /// A menu that the router does not have hides no fault, and one that its user may not read is a fault, told once.
    fn note(&mut self, looked: Result<Vec<Finding>, LinkError>) -> Result<(), LinkError> {
        match looked {
            Ok(found) => self.findings.extend(found),
            Err(LinkError::MissingMenu(_)) => {}
            Err(error @ LinkError::NoRights(_)) if !self.lacks_rights => {
                self.lacks_rights = true;
                self.findings.push(
                    Finding::new(FindingCode::MissingRights, error.to_string())
                        .mended(MendPlace::Router, "/user/group/set GROUP policy=api,read,write"),
                );
            }
            Err(LinkError::NoRights(_)) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
