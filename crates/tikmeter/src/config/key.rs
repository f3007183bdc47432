//! Every key there is.

/// One key outside of `[[routers]]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// Table of the file.
    pub(crate) section: &'static str,
    /// Name in that table.
    pub(crate) name: &'static str,
    /// Variable of the environment.
    pub(crate) variable: &'static str,
    /// Value without any configuration, unless it depends on another key.
    pub(crate) default: Option<&'static str>,
}

/// All keys outside of `[[routers]]`.
pub(crate) const KEYS: [Key; 34] = [
    Key { section: "server", name: "listen", variable: "TIKMETER_LISTEN", default: Some("127.0.0.1:8081") },
    Key {
        section: "server",
        name: "listen_anywhere",
        variable: "TIKMETER_LISTEN_ANYWHERE",
        default: Some("false"),
    },
    Key {
        section: "server",
        name: "trusted_proxies",
        variable: "TIKMETER_TRUSTED_PROXIES",
        default: Some(""),
    },
    Key { section: "server", name: "zone", variable: "TIKMETER_ZONE", default: Some("UTC") },
    Key { section: "server", name: "data", variable: "TIKMETER_DATA", default: None },
    Key { section: "database", name: "url", variable: "TIKMETER_DATABASE_URL", default: None },
    Key { section: "database", name: "readers", variable: "TIKMETER_DATABASE_READERS", default: Some("3") },
    Key {
        section: "database",
        name: "statement_timeout",
        variable: "TIKMETER_DATABASE_STATEMENT_TIMEOUT",
        default: Some("60s"),
    },
    Key { section: "node", name: "name", variable: "TIKMETER_NODE_NAME", default: None },
    Key { section: "node", name: "role", variable: "TIKMETER_NODE_ROLE", default: Some("all") },
    Key { section: "node", name: "term", variable: "TIKMETER_NODE_TERM", default: Some("15s") },
    Key { section: "redis", name: "url", variable: "TIKMETER_REDIS_URL", default: None },
    Key {
        section: "redis",
        name: "events_max",
        variable: "TIKMETER_REDIS_EVENTS_MAX",
        default: Some("10000"),
    },
    Key {
        section: "redis",
        name: "traffic_max",
        variable: "TIKMETER_REDIS_TRAFFIC_MAX",
        default: Some("100000"),
    },
    Key { section: "redis", name: "outbox_days", variable: "TIKMETER_REDIS_OUTBOX_DAYS", default: Some("7") },
    Key { section: "redis", name: "outbox_mb", variable: "TIKMETER_REDIS_OUTBOX_MB", default: Some("256") },
    Key { section: "polling", name: "interval", variable: "TIKMETER_POLLING_INTERVAL", default: Some("5m") },
    Key {
        section: "polling",
        name: "allowed_addresses",
        variable: "TIKMETER_POLLING_ALLOWED_ADDRESSES",
        default: Some(""),
    },
    Key {
        section: "retention",
        name: "detail_months",
        variable: "TIKMETER_RETENTION_DETAIL_MONTHS",
        default: Some("13"),
    },
    Key { section: "tls", name: "ca_file", variable: "TIKMETER_TLS_CA_FILE", default: None },
    Key {
        section: "portal",
        name: "listen",
        variable: "TIKMETER_PORTAL_LISTEN",
        default: Some("127.0.0.1:8080"),
    },
    Key { section: "portal", name: "certificate", variable: "TIKMETER_PORTAL_CERTIFICATE", default: None },
    Key { section: "portal", name: "key", variable: "TIKMETER_PORTAL_KEY", default: None },
    Key { section: "https", name: "listen", variable: "TIKMETER_HTTPS_LISTEN", default: None },
    Key { section: "https", name: "certificate", variable: "TIKMETER_HTTPS_CERTIFICATE", default: None },
    Key { section: "https", name: "key", variable: "TIKMETER_HTTPS_KEY", default: None },
    Key { section: "monitor", name: "enabled", variable: "TIKMETER_MONITOR_ENABLED", default: Some("true") },
    Key { section: "monitor", name: "slots", variable: "TIKMETER_MONITOR_SLOTS", default: Some("50") },
    Key { section: "monitor", name: "idle", variable: "TIKMETER_MONITOR_IDLE", default: Some("30m") },
    Key { section: "vouchers", name: "profiles", variable: "TIKMETER_VOUCHERS_PROFILES", default: None },
    Key { section: "backup", name: "folder", variable: "TIKMETER_BACKUP_FOLDER", default: None },
    Key { section: "backup", name: "every", variable: "TIKMETER_BACKUP_EVERY", default: Some("0") },
    Key { section: "backup", name: "keep", variable: "TIKMETER_BACKUP_KEEP", default: Some("14") },
    Key {
        section: "backup",
        name: "passphrase_file",
        variable: "TIKMETER_BACKUP_PASSPHRASE_FILE",
        default: None,
    },
];

/// The table with one entry per router.
pub(crate) const ROUTERS: &str = "routers";

/// Keys of one router.
pub(crate) const ROUTER_KEYS: [&str; 11] = [
    "name",
    "host",
    "port",
    "tls",
    "fingerprint",
    "username",
    "password",
    "password_file",
    "interval",
    "link_speed",
    "group",
];

/// Variables with our prefix that are no keys: commands read them.
pub(crate) const OTHER_VARIABLES: [&str; 9] = [
    "TIKMETER_CONFIG",
    "TIKMETER_URL",
    "TIKMETER_TOKEN",
    "TIKMETER_ADMIN_TOKEN",
    "TIKMETER_ROUTER_PASSWORD",
    "TIKMETER_MIGRATE_TO",
    "TIKMETER_BACKUP_PASSPHRASE",
    "TIKMETER_IMPORT_FROM",
    "TIKMETER_LOG",
];

/// The names of all tables.
pub(crate) const SECTIONS: [&str; 13] = [
    "server",
    "https",
    "database",
    "node",
    "redis",
    "polling",
    "retention",
    "tls",
    "portal",
    "monitor",
    "vouchers",
    "backup",
    ROUTERS,
];

/// The names of the keys in one section.
pub(crate) fn names(section: &str) -> impl Iterator<Item = &'static str> + Clone {
    KEYS.iter().filter(move |key| key.section == section).map(|key| key.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_lies_in_a_known_table() {
        assert!(KEYS.iter().all(|key| SECTIONS.contains(&key.section)));
    }
}
