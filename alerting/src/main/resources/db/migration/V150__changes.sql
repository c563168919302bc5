-- Changes of what is watched, marked by people and pipelines. Times are milliseconds since the epoch; labels are NAME=VALUE, one a line.
-- "verdict" and "compared", which is JSON, are what became of the probes: written once, when the time to watch is over.
CREATE TABLE change_marker (
    id VARCHAR(100) NOT NULL PRIMARY KEY,
    labels TEXT NOT NULL,
    comment TEXT NOT NULL,
    made_by TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT,
    watched_until BIGINT,
    verdict VARCHAR(20) NOT NULL,
    compared TEXT NOT NULL
);
