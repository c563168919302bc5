-- Notices of one channel and group that were decided together: the id of the first of them.
ALTER TABLE outbox ADD COLUMN batch BIGINT NOT NULL DEFAULT 0;
UPDATE outbox SET batch = id;
UPDATE outbox SET group_key = alert_id, group_firing = CASE WHEN kind = 'resolved' THEN 0 ELSE 1 END WHERE group_key = '';
CREATE INDEX outbox_batch ON outbox (batch);

-- Channels that take nothing, of which the others were told. "alert" is JSON, "told" holds names of channels, one a line.
CREATE TABLE channel_trouble (
    channel VARCHAR(200) NOT NULL,
    lane VARCHAR(400) NOT NULL,
    alert TEXT NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (channel, lane)
);
