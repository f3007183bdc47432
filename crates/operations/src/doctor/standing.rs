//! How the poller of a router stands, where that is a fault by itself.

use store::{Nas, NasOrigin};

use super::code::FindingCode;
use super::finding::{Finding, MendPlace};
use crate::operations::Operations;
use crate::router_status::{Phase, RouterStatus};
use crate::shell_word::shell_word;

/// Without a reading for so long a router is stale; with a longer interval: three of them.
const STALE_US: i64 = 120_000_000;

impl Operations {
    /// What its status says; nothing of one that nobody here polls.
    pub(super) fn fault_of_standing(&self, nas: &Nas) -> Option<Finding> {
        if !nas.config.enabled {
            let what = "It is switched off here, so nothing on it is counted.";
            return Some(
                Finding::new(FindingCode::StaleRouter, what).mended(MendPlace::Shell, command("enable", nas)),
            );
        }
        let status = self.board.get(nas.id)?;
        match status.phase {
            Phase::Online | Phase::Waiting | Phase::Connecting => self.unread(nas, &status),
            Phase::Disabled => None,
            phase => trouble(nas, phase, &status.message.unwrap_or_default()),
        }
    }

    /// One that stands well, or is about to, and has not been read for long.
    fn unread(&self, nas: &Nas, status: &RouterStatus) -> Option<Finding> {
        let last = status.last_round.map_or(status.since, |round| round.at);
        let interval_us = nas.config.interval_ms.map_or(0, |ms| i64::from(ms) * 1_000);
        let ago = self.now().0.saturating_sub(last.0);
        (ago > STALE_US.max(interval_us.saturating_mul(3))).then(|| {
            let what = format!("It was not read for {} s.", ago / 1_000_000);
            Finding::new(FindingCode::StaleRouter, what).mended(MendPlace::Shell, command("read-now", nas))
        })
    }
}

fn trouble(nas: &Nas, phase: Phase, message: &str) -> Option<Finding> {
    let finding = |code| Finding::new(code, message);
    Some(match phase {
        // Told once, of the database.
        Phase::StoreStalled => return None,
        Phase::PausedDuplicate => duplicate(nas, finding(FindingCode::DuplicateDevice)),
        Phase::NoRights => finding(FindingCode::MissingRights)
            .mended(MendPlace::Router, "/user/group/set GROUP policy=api,read,write"),
        Phase::PasswordLost | Phase::LoginRefused => finding(FindingCode::StaleRouter)
            .mended(MendPlace::Shell, command("edit", nas) + " --password-file FILE"),
        _ => finding(FindingCode::StaleRouter).mended(MendPlace::Shell, command("test", nas)),
    })
}

fn duplicate(nas: &Nas, finding: Finding) -> Finding {
    match nas.config.origin {
        NasOrigin::Api => finding.mended(MendPlace::Shell, command("remove", nas)),
        NasOrigin::File => finding
            .mended(MendPlace::Admin, "Take this entry out of the configuration file and reload it.")
            .mended(MendPlace::Shell, command("remove", nas)),
    }
}

fn command(what: &str, nas: &Nas) -> String {
    format!("tikmeter router {what} {}", shell_word(&nas.config.name))
}
