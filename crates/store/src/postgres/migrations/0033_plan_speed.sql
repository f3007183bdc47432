-- As in SQLite.
ALTER TABLE plan ADD COLUMN sets_speed bigint NOT NULL DEFAULT 0;

ALTER TABLE rate_limit DROP CONSTRAINT rate_limit_kind_check;
ALTER TABLE rate_limit ADD CONSTRAINT rate_limit_kind_check CHECK (kind IN ('device', 'ppp', 'address', 'interface'));
