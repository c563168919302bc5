-- Notices on their way to channels. Times are milliseconds since 1970. Ids grow and are never used again: the newest row is never pruned.
CREATE TABLE outbox (
    id BIGINT NOT NULL PRIMARY KEY,
    channel VARCHAR(200) NOT NULL,
    alert_id VARCHAR(400) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    alert TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    state VARCHAR(20) NOT NULL,
    attempts INTEGER NOT NULL,
    may_repeat INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    ended_at BIGINT
);

-- What waits is little beside what was sent.
CREATE INDEX outbox_open ON outbox (channel, id) WHERE state IN ('queued', 'sending');

CREATE INDEX outbox_dead ON outbox (channel) WHERE state = 'dead';

CREATE INDEX outbox_alert ON outbox (alert_id);

CREATE INDEX outbox_ended ON outbox (ended_at);
