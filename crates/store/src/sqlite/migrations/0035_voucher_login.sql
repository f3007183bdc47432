-- What the logins of vouchers' devices moved, both ways together, as looks at their routers showed it. began_*: seconds of the router's
-- uptime between which the last login began; octets: of that one; others_octets: of those before it under the same row of the user (what
-- it moved under the row before is taken off). row_octets: what that row, of the id row_id, adds up. before_octets: under rows of before.
-- All is before_octets and the larger of octets + others_octets and row_octets. is_up: the last look showed it.
CREATE TABLE voucher_login (
    nas_id INTEGER NOT NULL REFERENCES nas (id),
    login BLOB NOT NULL,
    mac TEXT NOT NULL,
    voucher_id INTEGER NOT NULL REFERENCES voucher (id),
    began_earliest INTEGER,
    began_latest INTEGER,
    octets INTEGER NOT NULL,
    others_octets INTEGER NOT NULL,
    row_id BLOB,
    row_octets INTEGER NOT NULL,
    before_octets INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    is_up INTEGER NOT NULL CHECK (is_up IN (0, 1)),
    PRIMARY KEY (nas_id, login, mac)
) STRICT, WITHOUT ROWID;
CREATE INDEX voucher_login_voucher ON voucher_login (voucher_id);
CREATE INDEX voucher_login_up ON voucher_login (nas_id) WHERE is_up = 1;
CREATE INDEX voucher_device_login ON voucher_device (nas_id, login);

-- When all of a router's were looked at last, roughly: it is written with what changed, or a minute later.
ALTER TABLE voucher_router ADD COLUMN looked_at INTEGER;

-- Which run of which process lets the device in.
ALTER TABLE voucher_device ADD COLUMN wanted_by TEXT;
