//! POST /api/v1/planned-commands

use axum::Json;
use operations::{HoldWho, RouterPlan, VoucherAct};
use store::{HoldSubject, PlanPatch, VoucherBatchId};
use utoipa::IntoResponses;

use super::model::count::Count;
use super::model::planned::{PlannedCommands, PlannedOnRouter, ThoughtAct, ThoughtOf};
use crate::auth::{Ability, Caller, Within, must};
use crate::extract;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (
                404,
                "There is no such voucher, batch, router, plan or subscriber, or they are not kept out of it.",
            ),
            (409, "It cannot be done to what stands so, or the router is configured in the file."),
        ])
    }
}

/// What would be sent to routers if that was done, word by word, by the same plans as when it is. Nothing is sent and nothing is changed.
/// Of a router that cannot be asked it is said why.
#[utoipa::path(
    post,
    path = "/api/v1/planned-commands",
    tag = "routers",
    operation_id = "plan_commands",
    request_body = ThoughtOf,
    responses((status = 200, description = "What would be sent", body = PlannedCommands), Errors)
)]
pub(in crate::api) async fn plan(
    Within(state): Within,
    Caller(caller): Caller,
    extract::Json(of): extract::Json<ThoughtOf>,
) -> Result<Json<PlannedCommands>, Problem> {
    must(&caller, needed(of.act))?;
    let operations = &state.operations;
    let plans = match (of.act, vouchers(of.act)) {
        (_, Some(act)) => match (&of.code, of.batch) {
            (Some(code), None) => operations.plan_voucher(code, act).await?,
            (None, Some(batch)) => operations.plan_voucher_batch(VoucherBatchId(batch), act).await?,
            _ => return Err(Problem::invalid(WHICH)),
        },
        (ThoughtAct::ReleaseHold, None) => vec![operations.plan_release(who(of)?).await?],
        (ThoughtAct::EditPlan, None) => {
            let name = of.plan.as_deref().ok_or_else(|| Problem::invalid(WHICH_PLAN))?;
            operations.plan_plan_edit(name, speeds(&of)).await?
        }
        (ThoughtAct::EditSubscriber, None) => {
            let key = of.subscriber.as_deref().ok_or_else(|| Problem::invalid(WHICH_SUBSCRIBER))?;
            operations.plan_subscriber_edit(key, of.plan.as_deref()).await?
        }
        (act, None) => {
            let router = of.router.ok_or_else(|| Problem::invalid(WHERE))?;
            vec![match act {
                ThoughtAct::EnableRouter => operations.plan_entering(&router).await?,
                act => operations.plan_leaving(&router, act == ThoughtAct::RemoveRouter).await?,
            }]
        }
    };
    Ok(Json(PlannedCommands { routers: plans.into_iter().map(planned).collect() }))
}

const WHICH: &str = "Name vouchers by exactly one of code and batch; nothing was changed.";
const WHERE: &str = "Name the router; nothing was changed.";
const WHICH_PLAN: &str = "Name the plan; nothing was changed.";
const WHICH_SUBSCRIBER: &str = "Name the subscriber; nothing was changed.";
const WHO: &str =
    "Name who is kept out by the router and exactly one of mac and username; nothing was changed.";

/// What the act itself asks for: the route is open to whoever may do any of them.
fn needed(act: ThoughtAct) -> Ability {
    match act {
        ThoughtAct::PauseVouchers | ThoughtAct::ResumeVouchers | ThoughtAct::RevokeVouchers => Ability::Sell,
        ThoughtAct::ReleaseHold => Ability::Control,
        ThoughtAct::EditPlan | ThoughtAct::EditSubscriber => Ability::Manage,
        ThoughtAct::RemoveRouter | ThoughtAct::DisableRouter | ThoughtAct::EnableRouter => {
            Ability::Administer
        }
    }
}

fn vouchers(act: ThoughtAct) -> Option<VoucherAct> {
    match act {
        ThoughtAct::PauseVouchers => Some(VoucherAct::Pause),
        ThoughtAct::ResumeVouchers => Some(VoucherAct::Resume),
        ThoughtAct::RevokeVouchers => Some(VoucherAct::Revoke),
        _ => None,
    }
}

fn speeds(of: &ThoughtOf) -> PlanPatch {
    let bps = |rate: Option<Option<Count>>| rate.map(|rate| rate.map(|count| count.0));
    PlanPatch {
        rate_up_bps: bps(of.rate_up_bps),
        rate_down_bps: bps(of.rate_down_bps),
        sets_speed: of.sets_speed,
        ..PlanPatch::default()
    }
}

fn who(of: ThoughtOf) -> Result<HoldWho, Problem> {
    let subject = match (of.mac, of.username) {
        (Some(mac), None) => HoldSubject::Device(mac.to_ascii_uppercase().into_bytes()),
        (None, Some(login)) => HoldSubject::Ppp(login.0.into()),
        _ => return Err(Problem::invalid(WHO)),
    };
    let router = of.router.ok_or_else(|| Problem::invalid(WHO))?;
    Ok(HoldWho { router, subject })
}

fn planned(plan: RouterPlan) -> PlannedOnRouter {
    let RouterPlan { router, commands } = plan;
    let trouble = commands.as_ref().err().map(ToString::to_string);
    PlannedOnRouter { router, commands: commands.unwrap_or_default(), trouble }
}
