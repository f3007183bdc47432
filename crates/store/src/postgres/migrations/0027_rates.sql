-- What the latest reading of each router said of sessions' rates, told by the process that polls it. It is a display.
CREATE TABLE nas_rates (
    nas_id bigint PRIMARY KEY,
    at bigint NOT NULL,
    rates text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);
