-- A baseline of each quantity of a series: its latency, and what rules ask for beside. past is what it was, for charts.
CREATE TABLE baseline_of_quantity (
    probe TEXT NOT NULL,
    region TEXT NOT NULL,
    location TEXT NOT NULL,
    quantity TEXT NOT NULL,
    learnt ${bytes} NOT NULL,
    learnt_to BIGINT NOT NULL,
    past ${bytes},
    PRIMARY KEY (probe, region, location, quantity)
);
INSERT INTO baseline_of_quantity (probe, region, location, quantity, learnt, learnt_to)
    SELECT probe, region, location, 'latency', learnt, learnt_to FROM baseline;
DROP TABLE baseline;
ALTER TABLE baseline_of_quantity RENAME TO baseline;
