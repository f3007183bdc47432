//! Which endpoints there are.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{
    audit, backups, commands, credits, disconnects, doctor, explain, happenings, held, holds, hotspot_users,
    imports, key, limits, logs, monitors, openapi, operators, planned_commands, plans, profiles, retention,
    routers, session, sessions, setup, sign_ins, status, subscribers, tokens, top, unknown_logins, usage,
    verify, voucher_batches, vouchers,
};
use crate::state::ServerState;

/// Endpoints with which somebody becomes known.
pub(crate) fn open_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(session::begin::sign_in)).routes(routes!(setup::set_up))
}

/// Endpoints that answer at once. All of them need a token or somebody who is signed in.
pub(crate) fn routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new()
        .routes(routes!(openapi::openapi))
        .routes(routes!(status::status))
        .routes(routes!(routers::list::list, routers::add::add))
        .routes(routes!(routers::show::show, routers::change::change, routers::remove::remove))
        .routes(routes!(routers::read_now::read_now))
        .routes(routes!(routers::test::test))
        .routes(routes!(routers::test_address::test))
        .routes(routes!(routers::queues::queues))
        .routes(routes!(plans::list::list, plans::add::add))
        .routes(routes!(plans::change::change))
        .routes(routes!(profiles::list))
        .routes(routes!(subscribers::list::list, subscribers::add::add))
        .routes(routes!(subscribers::show::show, subscribers::change::change))
        .routes(routes!(subscribers::export::csv))
        .routes(routes!(subscribers::export::ndjson))
        .routes(routes!(subscribers::cycles::cycles))
        .routes(routes!(subscribers::renew::renew))
        .routes(routes!(subscribers::undo_renewal::undo))
        .routes(routes!(subscribers::adopt::adopt))
        .routes(routes!(subscribers::undo_adoption::undo))
        .routes(routes!(subscribers::bind::bind))
        .routes(routes!(subscribers::unbind::unbind))
        .routes(routes!(unknown_logins::list))
        .routes(routes!(credits::list::list, credits::add::add))
        .routes(routes!(credits::cancel::cancel))
        .routes(routes!(sessions::list))
        .routes(routes!(usage::show::usage))
        .routes(routes!(usage::history::history))
        .routes(routes!(usage::export::csv))
        .routes(routes!(usage::export::ndjson))
        .routes(routes!(explain::show::explain))
        .routes(routes!(held::list::list))
        .routes(routes!(held::release::release))
        .routes(routes!(held::reject::reject))
        .routes(routes!(limits::list::list))
        .routes(routes!(holds::list::list, holds::set::set, holds::release::release))
        .routes(routes!(hotspot_users::list))
        .routes(routes!(monitors::list::list))
        .routes(routes!(monitors::start::start, monitors::stop::stop))
        .routes(routes!(top::list))
        .routes(routes!(session::show::show, session::end::sign_out, session::change::change))
        .routes(routes!(session::password::change))
        .routes(routes!(sign_ins::list::list, sign_ins::end::end_others))
        .routes(routes!(sign_ins::end::end))
        .routes(routes!(operators::list::list, operators::create::create))
        .routes(routes!(operators::change::change, operators::remove::remove))
        .routes(routes!(operators::sign_ins::list))
        .routes(routes!(operators::sign_ins::end))
        .routes(routes!(tokens::list::list, tokens::create::create))
        .routes(routes!(tokens::revoke::revoke))
        .routes(routes!(vouchers::list::list))
        .routes(routes!(vouchers::export::csv))
        .routes(routes!(vouchers::show::show))
        .routes(routes!(vouchers::acts::pause))
        .routes(routes!(vouchers::acts::resume))
        .routes(routes!(vouchers::acts::revoke))
        .routes(routes!(vouchers::sales::sales))
        .routes(routes!(voucher_batches::list::list, voucher_batches::add::add))
        .routes(routes!(voucher_batches::show::show))
        .routes(routes!(voucher_batches::revoke::revoke))
        .routes(routes!(voucher_batches::pause::pause))
        .routes(routes!(voucher_batches::resume::resume))
        .routes(routes!(audit::list))
        .routes(routes!(audit::csv))
        .routes(routes!(logs::list))
        .routes(routes!(happenings::list::list))
        .routes(routes!(commands::list))
}

/// Endpoints that read or write very much, or wait for a router that may read first and be looked at afterwards.
pub(crate) fn slow_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new()
        .routes(routes!(doctor::all::all))
        .routes(routes!(doctor::one::one))
        .routes(routes!(disconnects::one::disconnect))
        .routes(routes!(disconnects::bulk::disconnect_bulk))
        .routes(routes!(limits::set::set, limits::remove::remove))
        .routes(routes!(planned_commands::plan))
        .routes(routes!(verify::verify))
        .routes(routes!(subscribers::import::import))
        .routes(routes!(voucher_batches::sheet::sheet))
        .routes(routes!(imports::import))
        .routes(routes!(vouchers::import::import))
        .routes(routes!(retention::show))
        .routes(routes!(retention::run))
        .routes(routes!(backups::list, backups::make))
        .routes(routes!(key::show))
        .routes(routes!(key::rotate))
}
