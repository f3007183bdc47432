-- Times are microseconds since 1970 UTC, volumes octets, rates bits per second. input = received from the
-- subscriber (upload), output = sent to the subscriber (download). Row keys of counter, session and coverage are
-- nas_id << 40 | number within the router.

CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    installation TEXT NOT NULL,
    simulated INTEGER NOT NULL DEFAULT 0,
    bindings_version INTEGER NOT NULL DEFAULT 1,
    decisions INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO meta (id, installation) VALUES (1, lower(hex(randomblob(16))));

CREATE TABLE nas_group (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE nas (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    tls TEXT NOT NULL DEFAULT 'off',
    username TEXT NOT NULL,
    password BLOB NOT NULL,
    link_speed_bps INTEGER,
    interval_ms INTEGER,
    zone TEXT,
    group_id INTEGER REFERENCES nas_group (id),
    enabled INTEGER NOT NULL DEFAULT 1,
    origin TEXT NOT NULL DEFAULT 'api',
    paused_reason TEXT,
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    lease_holder TEXT,
    lease_epoch INTEGER NOT NULL DEFAULT 1,
    device TEXT,
    boot INTEGER NOT NULL DEFAULT 0,
    last_round BLOB,
    last_at INTEGER,
    coverage_boot INTEGER,
    coverage_uptime_s INTEGER,
    next_no INTEGER NOT NULL DEFAULT 0,
    poll_seq INTEGER NOT NULL DEFAULT 0,
    open_coverage INTEGER,
    unseen_sessions INTEGER NOT NULL DEFAULT 0,
    session_series BLOB NOT NULL DEFAULT x'',
    boot_doubtful INTEGER NOT NULL DEFAULT 0,
    glimpses BLOB NOT NULL DEFAULT x''
) STRICT;
CREATE UNIQUE INDEX nas_name ON nas (name) WHERE removed_at IS NULL;

CREATE TABLE plan (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    price TEXT,
    validity TEXT,
    devices INTEGER NOT NULL,
    rate_up_bps INTEGER,
    rate_down_bps INTEGER,
    quota_octets INTEGER
) STRICT;

CREATE TABLE subscriber (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT,
    service TEXT NOT NULL,
    plan_id INTEGER REFERENCES plan (id),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'inactive')),
    expiry_at INTEGER,
    note TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE cycle (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber_id TEXT NOT NULL REFERENCES subscriber (id),
    seq_no INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    input_octets INTEGER NOT NULL DEFAULT 0,
    output_octets INTEGER NOT NULL DEFAULT 0,
    UNIQUE (subscriber_id, seq_no)
) STRICT;
CREATE UNIQUE INDEX cycle_open ON cycle (subscriber_id) WHERE closed_at IS NULL;

CREATE TABLE login (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name BLOB NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('all', 'group', 'router')),
    -- The group's or router's row; 0 for scope 'all', because NULLs would not be unique.
    scope_id INTEGER NOT NULL,
    UNIQUE (kind, name, scope, scope_id)
) STRICT;

CREATE TABLE login_binding (
    id INTEGER PRIMARY KEY,
    login_id INTEGER NOT NULL REFERENCES login (id),
    subscriber_id TEXT NOT NULL REFERENCES subscriber (id),
    from_at INTEGER NOT NULL,
    to_at INTEGER
) STRICT;
CREATE UNIQUE INDEX login_binding_open ON login_binding (login_id) WHERE to_at IS NULL;
CREATE INDEX login_binding_subscriber ON login_binding (subscriber_id);

-- state: 0 live, 1 missing, 2 gone, 3 of an earlier boot (kept for its name only).
-- start_*, session_start_*: seconds of the router's uptime. *_read, missing_since: a round's clocks, packed.
CREATE TABLE counter (
    id INTEGER PRIMARY KEY,
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    boot INTEGER NOT NULL,
    handle INTEGER NOT NULL,
    name BLOB NOT NULL,
    permanent INTEGER NOT NULL,
    resets_on_reconnect INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
    input_octets INTEGER NOT NULL,
    output_octets INTEGER NOT NULL,
    unattributed_input INTEGER NOT NULL,
    unattributed_output INTEGER NOT NULL,
    start_earliest INTEGER,
    start_latest INTEGER,
    session_no INTEGER,
    session_login BLOB,
    session_acct_id INTEGER,
    session_start_earliest INTEGER,
    session_start_latest INTEGER,
    last_read BLOB,
    missing_since BLOB,
    missing_rounds INTEGER
) STRICT;
CREATE INDEX counter_present ON counter (nas_id, boot) WHERE state < 2;
CREATE INDEX counter_gone ON counter (nas_id, boot, handle) WHERE state = 2;

-- state: 0 open, 1 missing, 2 ended. last_seen_at is NULL while open.
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    login_id INTEGER NOT NULL REFERENCES login (id),
    service TEXT NOT NULL,
    acct_session_id INTEGER,
    boot INTEGER NOT NULL,
    calling_station_id BLOB NOT NULL,
    framed_address BLOB NOT NULL,
    started_at INTEGER NOT NULL,
    first_seen_at INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    last_seen_at INTEGER,
    terminate_cause INTEGER,
    input_octets INTEGER NOT NULL DEFAULT 0,
    output_octets INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX session_first_seen ON session (first_seen_at);
CREATE INDEX session_login ON session (login_id, first_seen_at);
CREATE INDEX session_present ON session (nas_id) WHERE state < 2;
CREATE INDEX session_ended ON session (nas_id, last_seen_at) WHERE state = 2;

-- unseen = 1: something was not seen; unseen_us NULL = for an unknown time, unseen_upper NULL = unbounded.
CREATE TABLE ledger_entry (
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    bucket INTEGER NOT NULL,
    no INTEGER NOT NULL,
    login_id INTEGER REFERENCES login (id),
    session_no INTEGER,
    counter_no INTEGER,
    cycle_id INTEGER REFERENCES cycle (id),
    reason TEXT NOT NULL,
    posted INTEGER NOT NULL,
    delta_input INTEGER NOT NULL,
    delta_output INTEGER NOT NULL,
    before_input INTEGER NOT NULL,
    before_output INTEGER NOT NULL,
    after_input INTEGER NOT NULL,
    after_output INTEGER NOT NULL,
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    unseen INTEGER NOT NULL,
    unseen_us INTEGER,
    unseen_upper INTEGER,
    polls INTEGER NOT NULL,
    PRIMARY KEY (nas_id, bucket, no)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_entry_login ON ledger_entry (login_id, bucket);
CREATE INDEX ledger_entry_held ON ledger_entry (nas_id, bucket, no) WHERE posted = 0;

CREATE TABLE held_decision (
    nas_id INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    entry_no INTEGER NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('released', 'rejected')),
    operator TEXT NOT NULL,
    at INTEGER NOT NULL,
    released_bucket INTEGER,
    released_no INTEGER,
    PRIMARY KEY (nas_id, bucket, entry_no),
    FOREIGN KEY (nas_id, bucket, entry_no) REFERENCES ledger_entry (nas_id, bucket, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE coverage (
    id INTEGER PRIMARY KEY,
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    source TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL
) STRICT;

CREATE TABLE operator (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('admin', 'viewer')),
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE api_token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    sha256 BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('admin', 'viewer')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER
) STRICT;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit journal is append-only');
END;
CREATE TRIGGER audit_keeps_all_rows BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit journal is append-only');
END;
