//! A router towards clients: what the database knows and what its poller last said.

use operations::{Check, OperationError, Phase, RoundReport, RouterStatus, WatchingStatus};
use store::{Fingerprint, Nas, NasOrigin, NoFingerprint, TlsMode};

use crate::api::model::check::{RouterCheck, RouterTest};
use crate::api::model::router::{LastRound, Router, RouterOrigin, Tls, Watching};

pub(super) fn router(router: operations::Router) -> Router {
    let operations::Router { nas, status, sessions_open, held } = router;
    let phase = status.as_ref().map_or_else(|| unpolled(&nas), |status| status.phase);
    let said = |of: fn(&RouterStatus) -> Option<&String>| status.as_ref().and_then(of).cloned();
    let round = status.as_ref().and_then(|status| status.last_round);
    Router {
        state: phase.as_str().to_owned(),
        polled_by: said(|status| status.node.as_ref()),
        message: said(|status| status.message.as_ref()).or(nas.paused_reason),
        since: status.as_ref().map(|status| status.since.into()),
        version: said(|status| status.version.as_ref()),
        version_warning: said(|status| status.version_warning.as_ref()),
        identity: said(|status| status.identity.as_ref()),
        device: said(|status| status.device.as_ref()).or(nas.device),
        last_read_at: round.map(|round| round.at).max(nas.last_at).map(Into::into),
        sessions_open,
        held_entries: held,
        last_round: round.map(last_round),
        rounds_total: status.as_ref().map_or(0, |status| status.rounds_total),
        errors: status.as_ref().map_or(0, RouterStatus::errors_total),
        not_listening_because: said(|status| status.not_listening_because.as_ref()),
        heard_dropped: status.as_ref().map_or(0, |status| status.heard_dropped),
        watching: watching(status.as_ref().map(|status| &status.watching)),
        unseen_sessions: nas.unseen_sessions,
        name: nas.config.name,
        host: nas.config.host,
        port: nas.config.port,
        tls: nas.config.tls.as_str().to_owned(),
        fingerprint: nas.config.fingerprint.map(|fingerprint| fingerprint.to_string()),
        username: nas.config.username,
        link_speed_bps: nas.config.link_speed_bps,
        interval_ms: nas.config.interval_ms,
        zone: nas.zone,
        group: nas.config.group,
        enabled: nas.config.enabled,
        origin: match nas.config.origin {
            NasOrigin::Api => RouterOrigin::Api,
            NasOrigin::File => RouterOrigin::File,
        },
    }
}

/// The phase of a router that no poller speaks for.
fn unpolled(nas: &Nas) -> Phase {
    if nas.config.enabled && nas.paused_reason.is_none() { Phase::Waiting } else { Phase::Disabled }
}

fn watching(status: Option<&WatchingStatus>) -> Watching {
    let status = status.cloned().unwrap_or_default();
    Watching {
        commands_last_minute: status.commands_last_minute as u64,
        streams: status.streams,
        cpu_load_percent: status.cpu_load_percent,
        slowed: status.slowed,
    }
}

fn last_round(round: RoundReport) -> LastRound {
    LastRound {
        at: round.at.into(),
        rows: round.rows,
        rows_unreadable: round.rows_unreadable,
        rows_unpaired: round.rows_unpaired,
        sessions_without_counter: round.sessions_without_counter,
        sessions_open: round.sessions_open,
        bytes_in: round.bytes_in,
        bytes_out: round.bytes_out,
        duration_us: round.duration_us,
        poll_seq: round.poll_seq,
    }
}

/// What a test found.
pub(super) fn found(checks: Vec<Check>) -> RouterTest {
    RouterTest { items: checks.into_iter().map(check).collect() }
}

fn check(check: Check) -> RouterCheck {
    RouterCheck {
        item: check.item.as_str().to_owned(),
        state: check.state.as_str().to_owned(),
        told: check.told,
        refused_fingerprint: check.refused.map(|fingerprint| fingerprint.to_string()),
    }
}

/// Reads a certificate's fingerprint.
pub(super) fn fingerprint(text: &str) -> Result<Fingerprint, OperationError> {
    text.parse()
        .map_err(|error: NoFingerprint| OperationError::Invalid(format!("{error}; nothing was changed")))
}

pub(super) fn tls(tls: Tls) -> TlsMode {
    match tls {
        Tls::Off => TlsMode::Off,
        Tls::Pinned => TlsMode::Pinned,
        Tls::Verified => TlsMode::Verified,
    }
}
