-- Vouchers that were made together, and what each gives: a copy, which no change of the plan changes. price: a decimal number. No
-- validity: no time limit. No rate or quota: no limit.
CREATE TABLE voucher_batch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    seller TEXT,
    plan TEXT,
    price TEXT,
    validity_us INTEGER,
    devices INTEGER NOT NULL CHECK (devices >= 1),
    rate_up_bps INTEGER,
    rate_down_bps INTEGER,
    quota_octets INTEGER,
    size INTEGER NOT NULL,
    note TEXT
) STRICT;

-- state: 0 unused, 1 used, 2 revoked. left_us: what was left at runs_from, or when it was paused.
CREATE TABLE voucher (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch_id INTEGER NOT NULL REFERENCES voucher_batch (id),
    code TEXT NOT NULL UNIQUE,
    state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2),
    first_used_at INTEGER,
    left_us INTEGER CHECK (left_us >= 0),
    runs_from INTEGER,
    paused_at INTEGER,
    revoked_at INTEGER,
    used_up_at INTEGER,
    ended_at INTEGER,
    CHECK (state <> 1 OR first_used_at IS NOT NULL),
    CHECK ((state = 2) = (revoked_at IS NOT NULL))
) STRICT;
CREATE INDEX voucher_of_batch ON voucher (batch_id, id);
CREATE INDEX voucher_first_used ON voucher (first_used_at) WHERE first_used_at IS NOT NULL;
CREATE INDEX voucher_not_ended ON voucher (id) WHERE state = 1 AND ended_at IS NULL;

-- state: 0 wanted, 1 in, 2 out. proof: SHA-256 of the token that its owner holds.
CREATE TABLE voucher_device (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    voucher_id INTEGER NOT NULL REFERENCES voucher (id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 1),
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    mac TEXT NOT NULL,
    login BLOB NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    wanted_at INTEGER NOT NULL,
    in_at INTEGER,
    out_at INTEGER,
    proof BLOB
) STRICT;
CREATE UNIQUE INDEX voucher_device_place ON voucher_device (voucher_id, ordinal) WHERE state < 2;
CREATE UNIQUE INDEX voucher_device_live ON voucher_device (nas_id, mac) WHERE state < 2;
CREATE INDEX voucher_device_voucher ON voucher_device (voucher_id);
CREATE INDEX voucher_device_proof ON voucher_device (proof) WHERE state < 2;

-- Routers on which something of a voucher may be.
CREATE TABLE voucher_router (
    nas_id INTEGER PRIMARY KEY REFERENCES nas (id)
) STRICT;
