-- One row for each episode of an alert: a stretch of trouble of one rule on one series.
-- Times are milliseconds since the epoch.
CREATE TABLE alert (
    id TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    rule TEXT NOT NULL,
    probe TEXT NOT NULL,
    region TEXT NOT NULL,
    location TEXT NOT NULL,
    type TEXT NOT NULL,
    target TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    message TEXT NOT NULL,
    evidence TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    held_since BIGINT NOT NULL,
    fired_at BIGINT,
    clear_since BIGINT,
    ends_at BIGINT,
    end_reason TEXT NOT NULL,
    level INTEGER NOT NULL,
    labels TEXT NOT NULL,
    annotations TEXT NOT NULL,
    -- names of the channels that were told that it fires, one a line
    told TEXT NOT NULL
);

CREATE INDEX alert_by_end ON alert (state, ends_at);
