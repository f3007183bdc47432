//! What a change of a router comes to, given what is stored of it.

use serde_json::{Map, Value, json};
use store::{Fingerprint, Nas};

use crate::router_requests::RouterPatch;
use crate::unlike::unlike;

/// The change without what is stored so already: who sends a whole router back changes only what differs. A password is
/// taken as another one whatever it is.
pub(crate) fn differing(nas: &Nas, patch: RouterPatch) -> RouterPatch {
    let config = &nas.config;
    let goes_on = |enabled: &bool| *enabled != config.enabled || *enabled && nas.paused_reason.is_some();
    RouterPatch {
        name: unlike(patch.name, &config.name),
        host: unlike(patch.host, &config.host),
        port: unlike(patch.port, &config.port),
        tls: unlike(patch.tls, &config.tls),
        fingerprint: unlike(patch.fingerprint, &config.fingerprint),
        username: unlike(patch.username, &config.username),
        password: patch.password,
        link_speed_bps: unlike(patch.link_speed_bps, &config.link_speed_bps),
        interval_ms: unlike(patch.interval_ms, &config.interval_ms),
        zone: unlike(patch.zone, &nas.zone),
        group: unlike(patch.group, &config.group),
        enabled: patch.enabled.filter(goes_on),
    }
}

/// Whether nothing but the certificate and the zone are told anew: of a router in the configuration file, too, they are
/// remembered here and not there.
pub(crate) fn is_kept_here(patch: &RouterPatch) -> bool {
    changed_fields(&RouterPatch { fingerprint: None, zone: None, ..patch.clone() }).is_empty()
}

/// Another TLS mode is another service of the router, and that has another port.
pub(crate) fn follow_tls_mode(nas: &Nas, patch: &mut RouterPatch) {
    let Some(tls) = patch.tls else { return };
    if patch.port.is_none() && nas.config.port == nas.config.tls.usual_port() {
        patch.port = Some(tls.usual_port());
    }
}

pub(crate) fn shown(fingerprint: Option<Fingerprint>) -> Option<String> {
    fingerprint.map(|fingerprint| fingerprint.to_string())
}

/// Names the changed fields for the journal; of a password only that it changed.
pub(crate) fn changed_fields(patch: &RouterPatch) -> Map<String, Value> {
    let mut detail = Map::new();
    let mut note = |field: &str, value: Option<Value>| {
        if let Some(value) = value {
            detail.insert(field.to_owned(), value);
        }
    };
    note("name", patch.name.as_ref().map(|value| json!(value)));
    note("host", patch.host.as_ref().map(|value| json!(value)));
    note("port", patch.port.map(|value| json!(value)));
    note("tls", patch.tls.map(|value| json!(value.as_str())));
    note("fingerprint", patch.fingerprint.map(|value| json!(shown(value))));
    note("username", patch.username.as_ref().map(|value| json!(value)));
    note("password", patch.password.as_ref().map(|_| json!("changed")));
    note("link_speed_bps", patch.link_speed_bps.map(|value| json!(value)));
    note("interval_ms", patch.interval_ms.map(|value| json!(value)));
    note("group", patch.group.as_ref().map(|value| json!(value)));
    note("zone", patch.zone.as_ref().map(|value| json!(value)));
    note("enabled", patch.enabled.map(|value| json!(value)));
    detail
}
