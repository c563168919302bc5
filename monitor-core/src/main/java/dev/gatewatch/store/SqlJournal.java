package dev.gatewatch.store;

import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal in SQL tables (see {@code V1__journal.sql}). */
final class SqlJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(SqlJournal.class);

    /** How many rows a block of {@code journal_block} spans, and so how many are deleted at once. */
    static final int BLOCK = 2_000;

    private static final String COLUMNS = "seq, origin, started_at, duration_us, outcome, body";

    private final Store store;

    // held around a whole appending transaction
    private final ReentrantLock appending = new ReentrantLock();

    // guarded by appending
    private final Origins origins = new Origins();

    // safe for many threads; filled from what is committed only
    private final Map<Long, Origin> read = new ConcurrentHashMap<>();

    SqlJournal(Store store) {
        this.store = store;
    }

    /** A row as it is stored; {@code body} is unpacked when it is wanted. */
    @SuppressWarnings("ArrayRecordComponent") // rows are never compared
    private record Row(long seq, long origin, long startedAt, long durationUs, int outcome, byte[] body) {
        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getInt(5), row.getBytes(6));
        }
    }

    @Override
    public void append(List<Result> results) {
        if (results.isEmpty()) {
            return;
        }
        appending.lock();
        try {
            store.write(tx -> {
                insert(tx, results);
                noteBlock(tx, results);
                return results.size();
            });
        } catch (RuntimeException e) {
            origins.forget(); // what it chose in the failed transaction is not in the store
            throw e;
        } finally {
            appending.unlock();
        }
    }

    /** Deletes origins that no row uses, such as those of probes long removed. */
    void forgetUnusedOrigins() {
        appending.lock();
        try {
            List<Long> unused = store.write(tx -> {
                List<Long> ids = tx.createQuery("select id from origin where not exists"
                                + " (select 1 from journal where journal.origin = origin.id)")
                        .mapTo(Long.class)
                        .list();
                ids.forEach(id -> tx.execute("delete from origin where id = ?", id));
                return ids;
            });
            unused.forEach(read::remove);
        } finally {
            origins.forget();
            appending.unlock();
        }
    }

    private void insert(Handle tx, List<Result> results) {
        PreparedBatch rows = tx.prepareBatch("insert into journal (origin, started_at, duration_us, outcome, body)"
                + " values (:origin, :startedAt, :durationUs, :outcome, :body)");
        for (Result result : results) {
            Shape shape = Shape.of(result.report());
            Origin origin = origins.choose(tx, Origin.Owner.of(result), shape);
            rows.bind("origin", origin.id())
                    .bind("startedAt", result.startedAt().toEpochMilli())
                    .bind("durationUs", result.duration().toNanos() / 1_000)
                    .bind("outcome", number(result.outcome()))
                    .bind("body", Body.pack(result.report(), shape, origin.shape() != null))
                    .add();
        }
        rows.execute();
    }

    /** Widens the last block by the rows just inserted, or begins a new one with them. */
    private static void noteBlock(Handle tx, List<Result> results) {
        long last = number(tx, "select max(seq) from journal");
        long first = last - results.size() + 1;
        long latest = results.stream()
                .mapToLong(r -> r.startedAt().toEpochMilli())
                .max()
                .orElseThrow();
        int widened = tx.createUpdate("""
                        update journal_block set latest = case when latest > :latest then latest else :latest end
                        where first_seq = (select max(first_seq) from journal_block) and first_seq > :full""")
                .bind("latest", latest)
                .bind("full", last - BLOCK)
                .execute();
        if (widened == 0) {
            tx.createUpdate("insert into journal_block (first_seq, latest) values (:first, :latest)")
                    .bind("first", first)
                    .bind("latest", latest)
                    .execute();
        }
    }

    @Override
    public List<Entry> after(Handle handle, long cursor, int limit) {
        return entries(
                handle,
                handle.createQuery("select " + COLUMNS + " from journal where seq > :cursor order by seq limit :limit")
                        .bind("cursor", cursor)
                        .bind("limit", limit)
                        .map((row, _) -> Row.of(row))
                        .list());
    }

    @Override
    public void replay(Handle handle, Instant since, long upTo, Consumer<Result> consumer) {
        long seq = firstSeq(handle, since) - 1;
        while (true) {
            List<Row> rows = handle.createQuery("select " + COLUMNS + " from journal"
                            + " where seq > :after and seq <= :upTo and started_at >= :since order by seq limit 1000")
                    .bind("after", seq)
                    .bind("upTo", upTo)
                    .bind("since", since.toEpochMilli())
                    .map((row, _) -> Row.of(row))
                    .list();
            if (rows.isEmpty()) {
                return;
            }
            entries(handle, rows).forEach(entry -> consumer.accept(entry.result()));
            seq = rows.getLast().seq;
        }
    }

    @Override
    public List<Entry> latest(Handle handle, Series series, long upTo, int limit) {
        return entries(handle, newest(handle, origins(handle, series), 0, upTo, Long.MIN_VALUE, limit))
                .reversed();
    }

    @Override
    public List<Result> query(Query query) {
        return store.read(handle -> {
            long since = query.since().toEpochMilli();
            long first = firstSeq(handle, query.since());
            List<Row> rows;
            if (query.probe().isEmpty() && query.region() == null) {
                rows = handle.createQuery("select " + COLUMNS + " from journal"
                                + " where seq >= :first and started_at >= :since order by seq desc limit :limit")
                        .bind("first", first)
                        .bind("since", since)
                        .bind("limit", query.limit())
                        .map((row, _) -> Row.of(row))
                        .list();
            } else {
                rows = newest(handle, origins(handle, query), first, Long.MAX_VALUE, since, query.limit());
            }
            return entries(handle, rows).stream().map(Entry::result).toList();
        });
    }

    /** What {@link #samples} reads of a row. */
    private record Sample(long startedAt, long micros, int outcome) {}

    @Override
    public void samples(Handle handle, Series series, Instant since, Instant until, int limit, Samples consumer) {
        long first = firstSeq(handle, since);
        var found = new ArrayList<Sample>();
        for (long origin : origins(handle, series)) {
            found.addAll(handle.createQuery("select started_at, duration_us, outcome from journal where origin = :origin"
                            + " and seq >= :first and started_at >= :since and started_at < :until order by seq desc limit :limit")
                    .bind("origin", origin)
                    .bind("first", first)
                    .bind("since", since.toEpochMilli())
                    .bind("until", until.toEpochMilli())
                    .bind("limit", limit)
                    .map((row, _) -> new Sample(row.getLong(1), row.getLong(2), row.getInt(3)))
                    .list());
        }
        found.sort(Comparator.comparingLong(Sample::startedAt));
        found.subList(Math.max(0, found.size() - limit), found.size())
                .forEach(sample -> consumer.take(sample.startedAt, sample.micros, outcome(sample.outcome)));
    }

    private static List<Long> origins(Handle handle, Series series) {
        return handle.createQuery("select id from origin where probe = :probe and region = :region and location = :location")
                .bind("probe", series.probe())
                .bind("region", series.region())
                .bind("location", series.location())
                .mapTo(Long.class)
                .list();
    }

    private static List<Long> origins(Handle handle, Journal.Query query) {
        String sql = "select id from origin where (:probe = '' or probe = :probe) and (:region is null or region = :region)";
        return handle.createQuery(sql)
                .bind("probe", query.probe())
                .bind("region", query.region())
                .mapTo(Long.class)
                .list();
    }

    /** The newest rows of several origins, newest first. One query each keeps SQLite on the index, which is in the wanted order. */
    private static List<Row> newest(Handle handle, List<Long> ids, long first, long upTo, long since, int limit) {
        var rows = new ArrayList<Row>();
        for (long id : ids) {
            rows.addAll(handle.createQuery("select " + COLUMNS + " from journal where origin = :origin"
                    + " and seq >= :first and seq <= :upTo and started_at >= :since order by seq desc limit :limit")
                    .bind("origin", id)
                    .bind("first", first)
                    .bind("upTo", upTo)
                    .bind("since", since)
                    .bind("limit", limit)
                    .map((row, _) -> Row.of(row))
                    .list());
        }
        rows.sort(Comparator.comparingLong(Row::seq).reversed());
        return rows.size() > limit ? rows.subList(0, limit) : rows;
    }

    /** A {@code seq} before which no row started at or after {@code since}. */
    private static long firstSeq(Handle handle, Instant since) {
        return handle.createQuery(
                        "select first_seq from journal_block where latest >= :since order by first_seq limit 1")
                .bind("since", since.toEpochMilli())
                .mapTo(Long.class)
                .findOne()
                .orElse(Long.MAX_VALUE);
    }

    private List<Entry> entries(Handle handle, List<Row> rows) {
        var entries = new ArrayList<Entry>(rows.size());
        for (Row row : rows) {
            Origin origin = origin(handle, row.origin);
            try {
                var result = new Result(
                        origin.owner().series(),
                        origin.owner().type(),
                        origin.owner().target(),
                        Instant.ofEpochMilli(row.startedAt),
                        Duration.ofNanos(row.durationUs * 1_000),
                        Body.unpack(outcome(row.outcome), row.body, origin.shape()));
                entries.add(new Entry(row.seq, result));
            } catch (IllegalArgumentException e) {
                // one unreadable row must not stop the evaluator for ever
                LOG.error("Result {} of the journal is damaged and left out: {}", row.seq, e.getMessage());
            }
        }
        return entries;
    }

    private Origin origin(Handle handle, long id) {
        Origin known = read.get(id);
        if (known == null) {
            known = handle.createQuery("select " + Origin.COLUMNS + " from origin where id = :id")
                    .bind("id", id)
                    .map((row, _) -> Origin.read(row))
                    .one();
            read.put(id, known);
        }
        return known;
    }

    private static int number(Outcome outcome) {
        return switch (outcome) {
            case PASS -> 0;
            case DEGRADED -> 1;
            case FAIL -> 2;
            case BROKEN -> 3;
        };
    }

    private static Outcome outcome(int number) {
        return switch (number) {
            case 0 -> Outcome.PASS;
            case 1 -> Outcome.DEGRADED;
            case 2 -> Outcome.FAIL;
            case 3 -> Outcome.BROKEN;
            default -> throw new IllegalArgumentException("unknown outcome " + number);
        };
    }

    private static long number(Handle handle, String sql) {
        return handle.createQuery(sql).mapTo(Long.class).one();
    }
}
