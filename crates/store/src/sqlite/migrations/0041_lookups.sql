-- Vouchers are looked up by a device of theirs.
CREATE INDEX voucher_device_mac ON voucher_device (mac, voucher_id);
-- Subscribers in the order in which they came, and in that in which their time runs out; who has no end comes last.
CREATE INDEX subscriber_created ON subscriber (created_at, id);
CREATE INDEX subscriber_expiry ON subscriber (coalesce(expiry_at, 9223372036854775807), id);
-- Whether a login is one of a voucher's, on whichever router.
CREATE INDEX voucher_device_of_login ON voucher_device (login);
