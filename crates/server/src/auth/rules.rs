//! Which route asks for what: the one place where that is decided. A route that is guarded and not in here is refused to
//! everybody.

use axum::http::{Method, StatusCode};

use super::ability::Ability::{
    self, Administer, Control, Look, LookCodes, LookVouchers, Manage, OwnAccount, Sell,
};
use crate::problem::Problem;

/// Method, path as routes are declared, and what it asks for.
const RULES: &[(Method, &str, Ability)] = &[
    (Method::GET, "/metrics", Look),
    (Method::GET, "/api/openapi.json", OwnAccount),
    (Method::GET, "/api/v1/status", Look),
    (Method::GET, "/api/v1/routers", Look),
    (Method::POST, "/api/v1/routers", Administer),
    (Method::GET, "/api/v1/routers/{name}", Look),
    (Method::PATCH, "/api/v1/routers/{name}", Administer),
    (Method::DELETE, "/api/v1/routers/{name}", Administer),
    (Method::POST, "/api/v1/routers/{name}/read-now", Control),
    (Method::POST, "/api/v1/routers/{name}/test", Control),
    (Method::GET, "/api/v1/routers/{name}/queues", Look),
    // As adding one: it connects to any address that is asked for.
    (Method::POST, "/api/v1/router-tests", Administer),
    // One route for all that can be thought of, the removal of routers too.
    (Method::POST, "/api/v1/planned-commands", Sell),
    (Method::GET, "/api/v1/plans", LookVouchers),
    (Method::POST, "/api/v1/plans", Manage),
    (Method::PATCH, "/api/v1/plans/{name}", Manage),
    (Method::GET, "/api/v1/profiles", LookVouchers),
    (Method::GET, "/api/v1/subscribers", Look),
    (Method::POST, "/api/v1/subscribers", Manage),
    (Method::GET, "/api/v1/subscribers.csv", Look),
    (Method::POST, "/api/v1/subscribers.csv", Manage),
    (Method::GET, "/api/v1/subscribers.ndjson", Look),
    (Method::POST, "/api/v1/imports", Administer),
    (Method::GET, "/api/v1/subscribers/{subscriber}", Look),
    (Method::PATCH, "/api/v1/subscribers/{subscriber}", Manage),
    (Method::GET, "/api/v1/subscribers/{subscriber}/cycles", Look),
    (Method::POST, "/api/v1/subscribers/{subscriber}/renew", Manage),
    (Method::POST, "/api/v1/subscribers/{subscriber}/undo-renewal", Manage),
    (Method::POST, "/api/v1/subscribers/{subscriber}/adopt", Manage),
    (Method::POST, "/api/v1/subscribers/{subscriber}/undo-adoption", Manage),
    (Method::GET, "/api/v1/unknown-logins", Look),
    (Method::GET, "/api/v1/live/top", Look),
    (Method::POST, "/api/v1/subscribers/{subscriber}/bind", Manage),
    (Method::POST, "/api/v1/subscribers/{subscriber}/unbind", Manage),
    (Method::GET, "/api/v1/subscribers/{subscriber}/credits", Look),
    (Method::POST, "/api/v1/subscribers/{subscriber}/credits", Manage),
    (Method::POST, "/api/v1/subscribers/{subscriber}/credits/{id}/cancel", Manage),
    (Method::GET, "/api/v1/sessions", Look),
    (Method::POST, "/api/v1/disconnects", Control),
    (Method::POST, "/api/v1/disconnects/bulk", Control),
    (Method::GET, "/api/v1/usage", Look),
    (Method::GET, "/api/v1/usage/history", Look),
    (Method::GET, "/api/v1/usage/export.csv", Look),
    (Method::GET, "/api/v1/usage/export.ndjson", Look),
    (Method::GET, "/api/v1/explain", Look),
    (Method::GET, "/api/v1/held", Look),
    (Method::POST, "/api/v1/held/{router}/{bucket}/{no}/release", Manage),
    (Method::POST, "/api/v1/held/{router}/{bucket}/{no}/reject", Manage),
    (Method::GET, "/api/v1/monitors", Look),
    (Method::PUT, "/api/v1/monitors/{subscriber}", Control),
    (Method::DELETE, "/api/v1/monitors/{subscriber}", Control),
    (Method::GET, "/api/v1/holds", Look),
    (Method::POST, "/api/v1/holds", Control),
    (Method::DELETE, "/api/v1/holds", Control),
    (Method::GET, "/api/v1/limits", Look),
    (Method::POST, "/api/v1/limits", Control),
    (Method::DELETE, "/api/v1/limits", Control),
    (Method::GET, "/api/v1/hotspot-users", Look),
    (Method::POST, "/api/v1/imports/vouchers", Manage),
    (Method::GET, "/api/v1/vouchers", LookCodes),
    (Method::GET, "/api/v1/vouchers.csv", LookCodes),
    (Method::GET, "/api/v1/vouchers/{code}", LookCodes),
    (Method::POST, "/api/v1/vouchers/{code}/pause", Sell),
    (Method::POST, "/api/v1/vouchers/{code}/resume", Sell),
    (Method::POST, "/api/v1/vouchers/{code}/revoke", Sell),
    (Method::GET, "/api/v1/voucher-sales", LookVouchers),
    (Method::GET, "/api/v1/voucher-batches", LookVouchers),
    (Method::POST, "/api/v1/voucher-batches", Sell),
    (Method::GET, "/api/v1/voucher-batches/{id}", LookVouchers),
    (Method::POST, "/api/v1/voucher-batches/{id}/revoke", Sell),
    (Method::POST, "/api/v1/voucher-batches/{id}/pause", Sell),
    (Method::POST, "/api/v1/voucher-batches/{id}/resume", Sell),
    (Method::GET, "/api/v1/voucher-batches/{id}/sheet.html", LookCodes),
    (Method::GET, "/api/v1/live", Look),
    (Method::GET, "/ws", Look),
    (Method::GET, "/api/v1/retention", Look),
    (Method::POST, "/api/v1/retention/run", Administer),
    (Method::POST, "/api/v1/verify", Manage),
    (Method::GET, "/api/v1/tokens", Administer),
    (Method::POST, "/api/v1/tokens", Administer),
    (Method::DELETE, "/api/v1/tokens/{id}", Administer),
    (Method::GET, "/api/v1/session", OwnAccount),
    (Method::DELETE, "/api/v1/session", OwnAccount),
    (Method::PUT, "/api/v1/session/password", OwnAccount),
    (Method::GET, "/api/v1/sign-ins", OwnAccount),
    (Method::DELETE, "/api/v1/sign-ins", OwnAccount),
    (Method::DELETE, "/api/v1/sign-ins/{id}", OwnAccount),
    (Method::GET, "/api/v1/operators", Administer),
    (Method::POST, "/api/v1/operators", Administer),
    (Method::PATCH, "/api/v1/operators/{name}", Administer),
    (Method::DELETE, "/api/v1/operators/{name}", Administer),
    (Method::GET, "/api/v1/operators/{name}/sign-ins", Administer),
    (Method::DELETE, "/api/v1/operators/{name}/sign-ins/{id}", Administer),
    (Method::GET, "/api/v1/audit", Look),
    (Method::GET, "/api/v1/logs", Look),
    (Method::GET, "/api/v1/events", Look),
    (Method::GET, "/api/v1/commands", Look),
    (Method::POST, "/api/monitor/start", Control),
    (Method::POST, "/api/monitor/stop", Control),
    (Method::GET, "/api/monitor/status", Look),
    (Method::GET, "/api/mikrotik/users", Look),
    (Method::GET, "/api/mikrotik/users/{id}", Look),
    (Method::PUT, "/api/mikrotik/users/{id}", Manage),
    (Method::GET, "/admin/api/user-traffic", Look),
    (Method::POST, "/admin/api/set-bandwidth", Control),
    (Method::POST, "/admin/api/remove-bandwidth", Control),
];

/// What a request of that method asks for at the route of that path.
///
/// # Errors
/// 405 where the path has rules and the method none, so that a handler without a rule is never reached; 500 where there is no
/// rule at all.
pub(super) fn needed(method: &Method, path: &str) -> Result<Ability, Problem> {
    // A HEAD is answered by what answers GET.
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    let of_path = || RULES.iter().filter(|(_, ruled, _)| *ruled == path);
    if let Some((_, _, ability)) = of_path().find(|(ruled, _, _)| ruled == method) {
        return Ok(*ability);
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
        assert_eq!(needed(&Method::GET, "/api/v1/tokens"), Ok(Administer));
        assert_eq!(needed(&Method::HEAD, "/api/v1/sessions"), Ok(Look));
        assert_eq!(refused(Method::PUT, "/api/v1/tokens"), Some(405));
        assert_eq!(refused(Method::GET, "/api/v1/disconnects"), Some(405));
        assert_eq!(refused(Method::GET, "/api/v1/new-thing"), Some(500));
    }

    #[test]
    fn no_route_has_two_rules() {
        for (at, (method, path, _)) in RULES.iter().enumerate() {
            assert!(
                RULES[..at].iter().all(|(earlier, other, _)| (earlier, other) != (method, path)),
                "{method} {path}"
            );
        }
    }
}
