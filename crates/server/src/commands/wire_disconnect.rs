//! Ending a session as JSON between two processes of one version, and in the row of the command.

use accounting::snapshot::Service;
use operations::{Became, CameBackBy, Disconnected, SessionTarget};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

#[derive(Serialize, Deserialize)]
struct Target {
    no: u64,
    service: String,
    login: Vec<u8>,
    caller: Vec<u8>,
    address: Vec<u8>,
    session_id: Option<u64>,
    /// Rows of a version before have none.
    #[serde(default)]
    hold: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Fate {
    Planned,
    Gone { looked_s: u64 },
    CameBack { after_s: u64, by: String },
    NotFound,
    StillThere { looked_s: u64 },
}

#[derive(Serialize, Deserialize)]
struct Ended {
    became: Fate,
    commands: Vec<String>,
    also_gone: u64,
}

pub(super) fn of_target(session: &SessionTarget) -> Json {
    let SessionTarget { no, service, login, caller, address, session_id, hold } = session.clone();
    json(Target { no, service: service.as_str().to_owned(), login, caller, address, session_id, hold })
}

pub(super) fn target(value: &Json) -> Option<SessionTarget> {
    let Target { no, service, login, caller, address, session_id, hold } =
        serde_json::from_value(value.clone()).ok()?;
    let service = Service::from_name(&service);
    Some(SessionTarget { no, service, login, caller, address, session_id, hold })
}

pub(super) fn of_disconnected(ended: Disconnected) -> Json {
    let Disconnected { became, commands, also_gone } = ended;
    let became = match became {
        Became::Planned => Fate::Planned,
        Became::Gone { looked_s } => Fate::Gone { looked_s },
        Became::CameBack { after_s, by } => Fate::CameBack { after_s, by: by.as_str().to_owned() },
        Became::NotFound => Fate::NotFound,
        Became::StillThere { looked_s } => Fate::StillThere { looked_s },
    };
    json(Ended { became, commands, also_gone })
}

pub(super) fn disconnected(value: &Json) -> Option<Disconnected> {
    let Ended { became, commands, also_gone } = serde_json::from_value(value.clone()).ok()?;
    let became = match became {
        Fate::Planned => Became::Planned,
        Fate::Gone { looked_s } => Became::Gone { looked_s },
        Fate::CameBack { after_s, by } => Became::CameBack { after_s, by: CameBackBy::from_name(&by)? },
        Fate::NotFound => Became::NotFound,
        Fate::StillThere { looked_s } => Became::StillThere { looked_s },
    };
    Some(Disconnected { became, commands, also_gone })
}

fn json(plain: impl Serialize) -> Json {
    serde_json::to_value(plain).expect("plain names and numbers are always JSON")
}
