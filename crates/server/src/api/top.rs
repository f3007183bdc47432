//! GET /api/v1/live/top

use accounting::growth::Window;
use accounting::snapshot::SERVICES;
use axum::Json;
use operations::{TopReport, TopRequest};
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use crate::api::model::name::Name;
use crate::api::model::top::{RouterWindow, Talker, Top, TopSort, WhyUnobserved, Window as Between};
use crate::api::paging;
use crate::auth::Within;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No router has this name.")])
    }
}

/// Whom to show.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// By what they are ranked.
    #[param(inline)]
    sort: Option<TopSort>,
    /// How many at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
    /// Only of this router.
    router: Option<String>,
    /// Only what is carried by this, such as `pppoe`, `hotspot` or `static_ip`.
    service: Option<String>,
}

/// Who moves most: sessions by what their counters gained between the two latest readings of their routers. No router is asked
/// for it. Sessions that gained nothing are not there, and neither are those of which it is not known how much.
#[utoipa::path(
    get,
    path = "/api/v1/live/top",
    tag = "monitors",
    operation_id = "list_top",
    params(Asked),
    responses((status = 200, description = "Those who move most, and of which routers nothing is said", body = Top), Errors)
)]
pub(super) async fn list(Within(state): Within, Query(asked): Query<Asked>) -> Result<Json<Top>, Problem> {
    let sort = asked.sort.unwrap_or_default();
    let request = TopRequest {
        sort: ranked_by(sort),
        limit: usize::try_from(paging::size(asked.limit)?).unwrap_or(usize::MAX),
        router: asked.router,
        service: asked.service.as_deref().map(service).transpose()?,
    };
    let report = state.operations.top(request).await.map_err(problem::in_query)?;
    Ok(Json(top(report, sort)))
}

pub(super) fn service(name: &str) -> Result<accounting::snapshot::Service, Problem> {
    let known = SERVICES.iter().find(|(_, known)| *known == name);
    known.map(|(service, _)| *service).ok_or_else(|| {
        let names: Vec<&str> = SERVICES.iter().map(|(_, name)| *name).collect();
        Problem::bad_request(format!(
            "There is no service \"{}\"; give one of: {}.",
            name.escape_debug(),
            names.join(", ")
        ))
    })
}

fn ranked_by(sort: TopSort) -> operations::TopSort {
    match sort {
        TopSort::Upload => operations::TopSort::Upload,
        TopSort::Download => operations::TopSort::Download,
        TopSort::Total => operations::TopSort::Total,
    }
}

fn top(report: TopReport, sort: TopSort) -> Top {
    Top {
        items: report.talkers.into_iter().map(talker).collect(),
        next: None,
        sort,
        routers: report.routers.into_iter().map(router).collect(),
    }
}

fn talker(one: operations::Talker) -> Talker {
    let owner = one.owner;
    Talker {
        router: owner.router,
        session: one.session,
        username: Name(owner.username.into()),
        subscriber: owner.subscriber,
        service: owner.service.as_str().to_owned(),
        framed_address: (!owner.framed_address.is_empty()).then(|| Name(owner.framed_address.into())),
        calling_station_id: Name(owner.calling_station_id.into()),
        upload_bps: one.upload_bps,
        download_bps: one.download_bps,
        upload_octets: one.octets.input,
        download_octets: one.octets.output,
        at_least: one.at_least,
        window: between(one.window),
    }
}

fn between(window: Window) -> Between {
    Between { from: window.from.into(), as_of: window.to.into(), over_us: window.micros }
}

fn router(one: operations::RouterWindow) -> RouterWindow {
    let unobserved = one.window.err();
    RouterWindow {
        router: one.router,
        window: one.window.ok().map(between),
        unobserved: unobserved.map(because),
        unobserved_text: unobserved.map(|why| why.sentence().to_owned()),
        age_ms: one.age_us.map(|age_us| age_us / 1_000),
        sessions_moved: one.moved,
        sessions_told: one.told,
        sessions_unknown: one.unknown,
    }
}

fn because(why: operations::Unobserved) -> WhyUnobserved {
    match why {
        operations::Unobserved::NotPolled => WhyUnobserved::NotPolled,
        operations::Unobserved::NotRead => WhyUnobserved::NotRead,
        operations::Unobserved::OneReading => WhyUnobserved::OneReading,
        operations::Unobserved::LongWindow => WhyUnobserved::LongWindow,
        operations::Unobserved::Old => WhyUnobserved::Old,
    }
}
