-- As in SQLite.
CREATE TABLE voucher_login (
    nas_id bigint NOT NULL REFERENCES nas (id),
    login bytea NOT NULL,
    mac text COLLATE "C" NOT NULL,
    voucher_id bigint NOT NULL REFERENCES voucher (id),
    began_earliest bigint,
    began_latest bigint,
    octets bigint NOT NULL,
    others_octets bigint NOT NULL,
    row_id bytea,
    row_octets bigint NOT NULL,
    before_octets bigint NOT NULL,
    seen_at bigint NOT NULL,
    is_up bigint NOT NULL CHECK (is_up IN (0, 1)),
    PRIMARY KEY (nas_id, login, mac)
);
CREATE INDEX voucher_login_voucher ON voucher_login (voucher_id);
CREATE INDEX voucher_login_up ON voucher_login (nas_id) WHERE is_up = 1;
CREATE INDEX voucher_device_login ON voucher_device (nas_id, login);
ALTER TABLE voucher_router ADD COLUMN looked_at bigint;
ALTER TABLE voucher_device ADD COLUMN wanted_by text COLLATE "C";
