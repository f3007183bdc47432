-- The key that a device's owner was shown opens the voucher as long as that lasts, whatever became of the device's row.
DROP INDEX voucher_device_proof;
CREATE INDEX voucher_device_proof ON voucher_device (proof) WHERE proof IS NOT NULL;
