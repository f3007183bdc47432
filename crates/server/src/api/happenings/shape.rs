//! What happened towards clients, kind by kind.

use std::collections::HashMap;

use accounting::time::Micros;
use operations::PhaseChange;
use store::{NasId, SessionRow};

use super::place::{Place, Told, halves};
use crate::api::commands;
use crate::api::logs;
use crate::api::model::happening::{Happening, HappeningKind};
use crate::api::model::name::Name;
use crate::log_board::LogLine;

pub(super) fn began(row: SessionRow) -> Told {
    session(HappeningKind::SessionBegan, row.first_seen_at, row)
}

pub(super) fn ended(row: SessionRow) -> Told {
    let octets = row.octets;
    let mut told = session(HappeningKind::SessionEnded, row.last_seen_at.unwrap_or(row.first_seen_at), row);
    told.happening.upload_octets = Some(octets.input);
    told.happening.download_octets = Some(octets.output);
    told
}

fn session(kind: HappeningKind, at: Micros, row: SessionRow) -> Told {
    let numbers = [row.nas.0, row.no.cast_signed()];
    let happening = Happening {
        router: Some(row.router),
        username: Some(Name(row.username.into())),
        subscriber: row.subscriber,
        service: Some(row.service.as_str().to_owned()),
        ..nothing(at, kind)
    };
    Told { place: Place { at, kind, numbers }, happening }
}

pub(super) fn state(change: PhaseChange, names: &HashMap<NasId, String>) -> Told {
    let kind = HappeningKind::RouterState;
    let place = Place { at: change.at, kind, numbers: [change.number.cast_signed(), 0] };
    let happening = Happening {
        router: names.get(&change.nas).cloned(),
        state: Some(change.phase.as_str().to_owned()),
        text: change.message,
        ..nothing(change.at, kind)
    };
    Told { place, happening }
}

pub(super) fn command(command: store::Command, names: &HashMap<NasId, String>) -> Told {
    let (at, kind) = (command.made_at, HappeningKind::Command);
    let place = Place { at, kind, numbers: halves(command.id) };
    let told = commands::item(command, names);
    let happening = Happening {
        router: told.router,
        what: Some(told.kind),
        state: Some(told.state.as_str().to_owned()),
        text: told.message,
        ..nothing(at, kind)
    };
    Told { place, happening }
}

pub(super) fn line((number, line): (u64, LogLine)) -> Told {
    let (at, kind) = (line.at, HappeningKind::Log);
    let told = logs::line(line);
    let happening = Happening {
        what: Some(told.target),
        state: Some(told.level.as_str().to_owned()),
        text: Some(told.text),
        ..nothing(at, kind)
    };
    Told { place: Place { at, kind, numbers: [number.cast_signed(), 0] }, happening }
}

fn nothing(at: Micros, kind: HappeningKind) -> Happening {
    Happening {
        at: at.into(),
        kind,
        router: None,
        username: None,
        subscriber: None,
        service: None,
        upload_octets: None,
        download_octets: None,
        state: None,
        what: None,
        text: None,
    }
}
