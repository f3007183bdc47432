//! Which route asks for what, and what it is to whoever is bound to groups of routers: the one place where that is decided. A route
//! that is guarded and not in here is refused to everybody.

use axum::http::{Method, StatusCode};

use super::ability::Ability::{
    self, Administer, Control, Look, LookCodes, LookVouchers, Manage, OwnAccount, Sell,
};
use super::reaching::Scope::{self, Bounded, Everywhere, WholeOnly};
use crate::problem::Problem;

/// Method, path as routes are declared, what it asks for, and how it is bounded.
const RULES: &[(Method, &str, Ability, Scope)] = &[
    (Method::GET, "/metrics", Look, WholeOnly),
    (Method::GET, "/api/openapi.json", OwnAccount, Everywhere),
    (Method::GET, "/api/v1/status", Look, Bounded),
    (Method::GET, "/api/v1/doctor", Look, Bounded),
    (Method::GET, "/api/v1/routers", Look, Bounded),
    (Method::POST, "/api/v1/routers", Administer, WholeOnly),
    (Method::GET, "/api/v1/routers/{name}", Look, Bounded),
    (Method::PATCH, "/api/v1/routers/{name}", Administer, WholeOnly),
    (Method::DELETE, "/api/v1/routers/{name}", Administer, WholeOnly),
    (Method::POST, "/api/v1/routers/{name}/read-now", Control, Bounded),
    (Method::POST, "/api/v1/routers/{name}/test", Control, Bounded),
    (Method::GET, "/api/v1/routers/{name}/queues", Look, Bounded),
    (Method::GET, "/api/v1/routers/{name}/doctor", Look, Bounded),
    // As adding one: it connects to any address that is asked for.
    (Method::POST, "/api/v1/router-tests", Administer, WholeOnly),
    // One route for all that can be thought of, the removal of routers too.
    (Method::POST, "/api/v1/planned-commands", Sell, Bounded),
    (Method::GET, "/api/v1/plans", LookVouchers, Everywhere),
    (Method::POST, "/api/v1/plans", Manage, WholeOnly),
    (Method::PATCH, "/api/v1/plans/{name}", Manage, WholeOnly),
    (Method::GET, "/api/v1/profiles", LookVouchers, Everywhere),
    (Method::GET, "/api/v1/subscribers", Look, Bounded),
    (Method::POST, "/api/v1/subscribers", Manage, Bounded),
    (Method::GET, "/api/v1/subscribers.csv", Look, Bounded),
    (Method::POST, "/api/v1/subscribers.csv", Manage, WholeOnly),
    (Method::GET, "/api/v1/subscribers.ndjson", Look, Bounded),
    (Method::POST, "/api/v1/imports", Administer, WholeOnly),
    (Method::GET, "/api/v1/subscribers/{subscriber}", Look, Bounded),
    (Method::PATCH, "/api/v1/subscribers/{subscriber}", Manage, Bounded),
    (Method::GET, "/api/v1/subscribers/{subscriber}/cycles", Look, Bounded),
    (Method::POST, "/api/v1/subscribers/{subscriber}/renew", Manage, Bounded),
    (Method::POST, "/api/v1/subscribers/{subscriber}/undo-renewal", Manage, Bounded),
    (Method::POST, "/api/v1/subscribers/{subscriber}/adopt", Manage, Bounded),
    (Method::POST, "/api/v1/subscribers/{subscriber}/undo-adoption", Manage, Bounded),
    (Method::GET, "/api/v1/unknown-logins", Look, Bounded),
    (Method::GET, "/api/v1/live/top", Look, Bounded),
    (Method::POST, "/api/v1/subscribers/{subscriber}/bind", Manage, Bounded),
    (Method::POST, "/api/v1/subscribers/{subscriber}/unbind", Manage, Bounded),
    (Method::GET, "/api/v1/subscribers/{subscriber}/credits", Look, Bounded),
    (Method::POST, "/api/v1/subscribers/{subscriber}/credits", Manage, Bounded),
    (Method::POST, "/api/v1/subscribers/{subscriber}/credits/{id}/cancel", Manage, Bounded),
    (Method::GET, "/api/v1/sessions", Look, Bounded),
    (Method::POST, "/api/v1/disconnects", Control, Bounded),
    (Method::POST, "/api/v1/disconnects/bulk", Control, Bounded),
    (Method::GET, "/api/v1/usage", Look, Bounded),
    (Method::GET, "/api/v1/usage/history", Look, Bounded),
    (Method::GET, "/api/v1/usage/export.csv", Look, Bounded),
    (Method::GET, "/api/v1/usage/export.ndjson", Look, Bounded),
    (Method::GET, "/api/v1/explain", Look, Bounded),
    (Method::GET, "/api/v1/held", Look, Bounded),
    (Method::POST, "/api/v1/held/{router}/{bucket}/{no}/release", Manage, Bounded),
    (Method::POST, "/api/v1/held/{router}/{bucket}/{no}/reject", Manage, Bounded),
    (Method::GET, "/api/v1/monitors", Look, Bounded),
    (Method::PUT, "/api/v1/monitors/{subscriber}", Control, Bounded),
    (Method::DELETE, "/api/v1/monitors/{subscriber}", Control, Bounded),
    (Method::GET, "/api/v1/holds", Look, Bounded),
    (Method::POST, "/api/v1/holds", Control, Bounded),
    (Method::DELETE, "/api/v1/holds", Control, Bounded),
    (Method::GET, "/api/v1/limits", Look, Bounded),
    (Method::POST, "/api/v1/limits", Control, Bounded),
    (Method::DELETE, "/api/v1/limits", Control, Bounded),
    (Method::GET, "/api/v1/hotspot-users", Look, Bounded),
    (Method::POST, "/api/v1/imports/vouchers", Manage, WholeOnly),
    (Method::GET, "/api/v1/vouchers", LookCodes, Bounded),
    (Method::GET, "/api/v1/vouchers.csv", LookCodes, Bounded),
    (Method::GET, "/api/v1/vouchers/{code}", LookCodes, Bounded),
    (Method::POST, "/api/v1/vouchers/{code}/pause", Sell, Bounded),
    (Method::POST, "/api/v1/vouchers/{code}/resume", Sell, Bounded),
    (Method::POST, "/api/v1/vouchers/{code}/revoke", Sell, Bounded),
    (Method::GET, "/api/v1/voucher-sales", LookVouchers, Everywhere),
    (Method::GET, "/api/v1/voucher-batches", LookVouchers, Everywhere),
    (Method::POST, "/api/v1/voucher-batches", Sell, Everywhere),
    (Method::GET, "/api/v1/voucher-batches/{id}", LookVouchers, Everywhere),
    (Method::POST, "/api/v1/voucher-batches/{id}/revoke", Sell, Bounded),
    (Method::POST, "/api/v1/voucher-batches/{id}/pause", Sell, Bounded),
    (Method::POST, "/api/v1/voucher-batches/{id}/resume", Sell, Bounded),
    (Method::GET, "/api/v1/voucher-batches/{id}/sheet.html", LookCodes, Bounded),
    (Method::GET, "/api/v1/live", Look, Bounded),
    (Method::GET, "/ws", Look, Bounded),
    (Method::GET, "/api/v1/retention", Look, WholeOnly),
    (Method::POST, "/api/v1/retention/run", Administer, WholeOnly),
    (Method::GET, "/api/v1/backups", Administer, WholeOnly),
    (Method::POST, "/api/v1/backups", Administer, WholeOnly),
    (Method::GET, "/api/v1/key", Administer, WholeOnly),
    (Method::POST, "/api/v1/key/rotate", Administer, WholeOnly),
    (Method::POST, "/api/v1/verify", Manage, WholeOnly),
    (Method::GET, "/api/v1/tokens", Administer, WholeOnly),
    (Method::POST, "/api/v1/tokens", Administer, WholeOnly),
    (Method::DELETE, "/api/v1/tokens/{id}", Administer, WholeOnly),
    (Method::GET, "/api/v1/session", OwnAccount, Everywhere),
    (Method::PATCH, "/api/v1/session", OwnAccount, Everywhere),
    (Method::DELETE, "/api/v1/session", OwnAccount, Everywhere),
    (Method::PUT, "/api/v1/session/password", OwnAccount, Everywhere),
    (Method::GET, "/api/v1/sign-ins", OwnAccount, Everywhere),
    (Method::DELETE, "/api/v1/sign-ins", OwnAccount, Everywhere),
    (Method::DELETE, "/api/v1/sign-ins/{id}", OwnAccount, Everywhere),
    (Method::GET, "/api/v1/operators", Administer, WholeOnly),
    (Method::POST, "/api/v1/operators", Administer, WholeOnly),
    (Method::PATCH, "/api/v1/operators/{name}", Administer, WholeOnly),
    (Method::DELETE, "/api/v1/operators/{name}", Administer, WholeOnly),
    (Method::GET, "/api/v1/operators/{name}/sign-ins", Administer, WholeOnly),
    (Method::DELETE, "/api/v1/operators/{name}/sign-ins/{id}", Administer, WholeOnly),
    (Method::GET, "/api/v1/audit", Look, Bounded),
    (Method::GET, "/api/v1/audit.csv", Look, Bounded),
    (Method::GET, "/api/v1/logs", Look, WholeOnly),
    (Method::GET, "/api/v1/events", Look, Bounded),
    (Method::GET, "/api/v1/commands", Look, Bounded),
    (Method::POST, "/api/monitor/start", Control, Bounded),
    (Method::POST, "/api/monitor/stop", Control, Bounded),
    (Method::GET, "/api/monitor/status", Look, Bounded),
    (Method::GET, "/api/mikrotik/users", Look, Bounded),
    (Method::GET, "/api/mikrotik/users/{id}", Look, Bounded),
    (Method::PUT, "/api/mikrotik/users/{id}", Manage, Bounded),
    (Method::GET, "/admin/api/user-traffic", Look, Bounded),
    (Method::POST, "/admin/api/set-bandwidth", Control, Bounded),
    (Method::POST, "/admin/api/remove-bandwidth", Control, Bounded),
];

/// What a request of that method asks for at the route of that path, and how it is bounded.
///
/// # Errors
/// 405 where the path has rules and the method none, so that a handler without a rule is never reached; 500 where there is no
/// rule at all.
pub(super) fn needed(method: &Method, path: &str) -> Result<(Ability, Scope), Problem> {
    // A HEAD is answered by what answers GET.
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    let of_path = || RULES.iter().filter(|(_, ruled, _, _)| *ruled == path);
    if let Some((_, _, ability, scope)) = of_path().find(|(ruled, _, _, _)| ruled == method) {
        return Ok((*ability, *scope));
    }
    match of_path().next() {
        Some(_) => Err(Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "This address does not take that method; nothing was changed. /api/openapi.json lists which it takes.",
        )),
        None => Err(Problem::internal(
            "Nothing was done: no rule says who may do this, which is a fault of this program.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    fn refused(method: Method, path: &str) -> Option<u16> {
        needed(&method, path).err().map(|problem| problem.into_response().status().as_u16())
    }

    #[test]
    fn what_no_rule_names_is_refused_to_everybody() {
        assert_eq!(needed(&Method::GET, "/api/v1/tokens"), Ok((Administer, WholeOnly)));
        assert_eq!(needed(&Method::HEAD, "/api/v1/sessions"), Ok((Look, Bounded)));
        assert_eq!(refused(Method::PUT, "/api/v1/tokens"), Some(405));
        assert_eq!(refused(Method::GET, "/api/v1/disconnects"), Some(405));
        assert_eq!(refused(Method::GET, "/api/v1/new-thing"), Some(500));
    }

    #[test]
    fn no_route_has_two_rules() {
        for (at, (method, path, _, _)) in RULES.iter().enumerate() {
            assert!(
                RULES[..at].iter().all(|(earlier, other, _, _)| (earlier, other) != (method, path)),
                "{method} {path}"
            );
        }
    }
}
