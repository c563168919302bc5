-- What other monitors' Alertmanagers last told of their alerts. Times are milliseconds since the epoch.
CREATE TABLE inbound_alert (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    -- those of one group are told of together
    group_key TEXT NOT NULL,
    labels TEXT NOT NULL,
    annotations TEXT NOT NULL,
    source TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT,
    end_reason TEXT NOT NULL,
    seen_at BIGINT NOT NULL
);
