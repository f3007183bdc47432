//! Services by the names of those tools.

/// What a subscriber uses, as those tools called it.
pub(super) fn service_type(service: &str) -> &'static str {
    match service {
        "hotspot" => "hotspot",
        "static_ip" => "static_ip",
        _ => "pppoe",
    }
}
