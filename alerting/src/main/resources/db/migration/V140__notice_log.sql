-- Attempts to deliver notices. Times are milliseconds since the epoch. "outcome" is 'going' until the attempt's end is known.
CREATE TABLE notice_attempt (
    notice_id BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    began_at BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    outcome VARCHAR(20) NOT NULL,
    said TEXT NOT NULL,
    next_at BIGINT,
    PRIMARY KEY (notice_id, attempt)
);
