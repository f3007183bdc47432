-- Second of uptime by which what the router adds up for a user last told what nobody had read of a session.
ALTER TABLE nas ADD COLUMN told_until_uptime_s INTEGER;
