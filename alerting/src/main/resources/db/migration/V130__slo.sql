-- What runs are counted for objectives: one measure of one series. slower_ms: runs that took longer are bad too; 0 for failures only.
CREATE TABLE slo_series (
    id INTEGER NOT NULL PRIMARY KEY,
    probe TEXT NOT NULL,
    region TEXT NOT NULL,
    location TEXT NOT NULL,
    slower_ms BIGINT NOT NULL
);

-- Good and bad runs in buckets of five minutes (length 0), an hour (1) and a day (2), counted from the epoch.
CREATE TABLE slo_count (
    length INTEGER NOT NULL,
    bucket BIGINT NOT NULL,
    series_id INTEGER NOT NULL,
    good INTEGER NOT NULL,
    bad INTEGER NOT NULL,
    PRIMARY KEY (length, bucket, series_id)
);
