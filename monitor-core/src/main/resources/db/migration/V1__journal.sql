-- What results have in common, kept once: whose they are and, with a shape, the names and texts that repeat from run to run.
create table origin (
    id ${id},
    probe varchar(200) not null,
    region varchar(200) not null,
    location varchar(200) not null,
    type varchar(100) not null,
    target text not null,
    shape ${bytes}
);
create index origin_by_probe on origin (probe, region);

-- Every result, in the order it came in. Times are milliseconds of the epoch.
create table journal (
    seq ${id},
    origin bigint not null,
    started_at bigint not null,
    duration_us bigint not null,
    outcome smallint not null,
    body ${bytes} not null
);
create index journal_by_origin on journal (origin);

-- Runs of neighbouring rows of the journal with the latest start among them: finds rows by time without an index over all of them,
-- and is the unit in which old rows are deleted.
create table journal_block (
    first_seq bigint primary key,
    latest bigint not null
);

-- Up to where the journal was judged.
create table cursor (
    name varchar(100) primary key,
    seq bigint not null
);
insert into cursor (name, seq) values ('evaluator', 0);

-- What judges remember.
create table state (
    namespace varchar(100) not null,
    key varchar(600) not null,
    value ${bytes} not null,
    primary key (namespace, key)
);
