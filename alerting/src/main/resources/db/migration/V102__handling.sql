-- What people and other alerts make of an alert. "told" holds JSON: what each channel knows of it.
UPDATE alert SET told = '';
ALTER TABLE alert ADD COLUMN incident TEXT NOT NULL DEFAULT '';
ALTER TABLE alert ADD COLUMN flapping INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alert ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;
-- 1 while some channel that was told of its beginning does not know its end
ALTER TABLE alert ADD COLUMN owes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX alert_owing ON alert (owes) WHERE owes = 1;

-- Who takes care of which alert.
CREATE TABLE acknowledgement (
    alert_id TEXT NOT NULL PRIMARY KEY,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    comment TEXT NOT NULL
);

-- Whoever matches is not told of for a while. Times are milliseconds since the epoch; matchers are one a line.
CREATE TABLE silence (
    id TEXT NOT NULL PRIMARY KEY,
    matchers TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    comment TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- What other notices a notice is sent together with, and why now.
ALTER TABLE outbox ADD COLUMN group_key VARCHAR(100) NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN group_title TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN group_firing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN why TEXT NOT NULL DEFAULT '';
