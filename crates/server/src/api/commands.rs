//! GET /api/v1/commands

use std::collections::HashMap;

use axum::Json;
use operations::{OperationError, RouterCommandError};
use store::NasId;
use utoipa::IntoResponses;

use crate::api::hidden_codes::{Candidates, HiddenCodes};
use crate::api::model::command::{Command, CommandState};
use crate::api::model::list::List;
use crate::auth::{Caller, Within};
use crate::commands::{Outcome, outcome};
use crate::problem::{self, Declared, Problem};

/// How many are shown.
const NEWEST: u32 = 100;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// The newest hundred commands that one process gave to another, or that change a router, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/commands",
    tag = "routers",
    operation_id = "list_commands",
    responses((status = 200, description = "What became of each", body = List<Command>), Errors)
)]
pub(super) async fn list(
    Within(state): Within,
    Caller(caller): Caller,
) -> Result<Json<List<Command>>, Problem> {
    let reach = &state.operations.reach;
    let commands =
        state.store().list_commands_within(NEWEST, reach.clone()).await.map_err(OperationError::from)?;
    let routers = state.store().list_nas_within(reach.clone()).await.map_err(OperationError::from)?;
    let names: HashMap<NasId, String> = routers.into_iter().map(|nas| (nas.id, nas.config.name)).collect();
    let items: Vec<Command> = commands.into_iter().map(|command| item(command, &names)).collect();
    // What a router refused stands in its own words, with the names that it was told.
    let candidates = Candidates::in_texts(&caller, items.iter().filter_map(|item| item.message.as_deref()));
    let codes = HiddenCodes::of(&state.operations, candidates).await?;
    let hidden = |item: Command| Command { message: item.message.map(|text| codes.out_of(&text)), ..item };
    let beyond = state.operations.names_beyond().await?;
    let within = |item: Command| Command { message: item.message.map(|text| beyond.out_of(text)), ..item };
    Ok(Json(List::whole(items.into_iter().map(hidden).map(within).collect())))
}

pub(super) fn item(command: store::Command, names: &HashMap<NasId, String>) -> Command {
    let (state, message) = match (command.state, &command.outcome) {
        (store::CommandState::Begun, _) => (CommandState::Begun, None),
        (store::CommandState::Withdrawn, _) => {
            (CommandState::NotDone, Some("It was not begun in time, and will not be.".to_owned()))
        }
        (store::CommandState::Ended, text) => became(outcome::from_text(text.as_deref().unwrap_or_default())),
    };
    Command {
        id: command.id,
        router: names.get(&command.nas).cloned(),
        kind: command.kind,
        state,
        message,
        process: command.node,
        at: command.made_at.into(),
        ended_at: command.ended_at.map(Into::into),
    }
}

fn became(outcome: Outcome) -> (CommandState, Option<String>) {
    let state = match &outcome {
        Ok(_) => CommandState::Done,
        Err(RouterCommandError::NotDone(_)) => CommandState::NotDone,
        Err(RouterCommandError::Unknown(_)) => CommandState::Unknown,
        Err(_) => CommandState::Failed,
    };
    (state, outcome.err().map(|error| error.to_string()))
}
