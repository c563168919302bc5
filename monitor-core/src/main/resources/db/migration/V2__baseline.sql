-- What is usual for a series: learnt, and written now and then. Runs after learnt_to are learnt anew from the journal.
CREATE TABLE baseline (
    probe TEXT NOT NULL,
    region TEXT NOT NULL,
    location TEXT NOT NULL,
    learnt ${bytes} NOT NULL,
    learnt_to BIGINT NOT NULL,
    PRIMARY KEY (probe, region, location)
);
