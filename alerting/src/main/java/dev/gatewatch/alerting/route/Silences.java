package dev.gatewatch.alerting.route;

import dev.gatewatch.alerting.channel.support.Cut;
import dev.gatewatch.store.Store;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import dev.gatewatch.view.SilenceView;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Silences: kept in the store, and at hand in memory. Safe for many threads. */
public final class Silences implements Restraint {
    private static final Logger LOG = LoggerFactory.getLogger(Silences.class);

    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int MOST = 1_000;
    private static final int MOST_MATCHERS = 20;
    private static final int LONGEST_TEXT = 1_000;

    private final Store store;
    private final RandomGenerator random = new SecureRandom();

    /** As durable, each change right after its transaction; newest first. Replaced as a whole, guarded by {@link #changing}. */
    private volatile List<Silence> known;

    private final ReentrantLock changing = new ReentrantLock();

    /** A silence with its matchers read. */
    private record Silence(SilenceView view, List<SilenceMatcher> matchers) {
        boolean on(AlertView alert, Instant now) {
            return view.state(now) == SilenceView.State.ACTIVE && matchers.stream().allMatch(m -> m.accepts(alert));
        }

        Silence endedAt(Instant now) {
            Instant start = view.startsAt().isAfter(now) ? now : view.startsAt();
            return new Silence(
                    new SilenceView(view.id(), view.matchers(), start, now, view.by(), view.comment(), view.createdAt()), matchers);
        }
    }

    /**
     * Silences as the store has them. One that cannot be read (an older version wrote it) is left out and logged: it must not keep the
     * daemon from starting.
     */
    public Silences(Store store) {
        this.store = store;
        this.known = store.read(Silences::stored);
    }

    @Override
    public Optional<HeldBack> on(AlertView alert, Instant now) {
        return known.stream()
                .filter(silence -> silence.on(alert, now))
                .findFirst()
                .map(silence -> new HeldBack(Reason.SILENCE, silence.view().id()));
    }

    /** All that are not long over, newest first. */
    public List<SilenceView> all() {
        return known.stream().map(Silence::view).toList();
    }

    /**
     * Those of the alerts that a silence with these matchers would be about.
     *
     * @throws IllegalArgumentException in a person's words, when the matchers cannot be read
     */
    public List<AlertView> covered(List<String> matchers, List<AlertView> alerts) {
        List<SilenceMatcher> all = read(matchers);
        return alerts.stream().filter(alert -> all.stream().allMatch(m -> m.accepts(alert))).toList();
    }

    /**
     * Makes a silence.
     *
     * @throws IllegalArgumentException in a person's words, when it cannot be made
     */
    public SilenceView create(
            List<String> matchers, Instant startsAt, Instant endsAt, String by, String comment, Instant now) {
        List<SilenceMatcher> read = read(matchers);
        checkTimes(startsAt, endsAt, now);
        if (by.length() > LONGEST_TEXT || comment.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("names and comments have at most " + LONGEST_TEXT + " characters");
        }
        var made = new Silence(
                new SilenceView(id(), matchers, startsAt, endsAt, Cut.oneLine(by), Cut.oneLine(comment), now), read);
        store.write(tx -> {
            forgetOld(tx, now);
            if (tx.createQuery("SELECT COUNT(*) FROM silence WHERE ends_at > :now")
                            .bind("now", now.toEpochMilli())
                            .mapTo(Integer.class)
                            .one()
                    >= MOST) {
                throw new IllegalArgumentException("there are " + MOST + " silences already; end some, or match more with one");
            }
            insert(tx, made.view());
            return true;
        });
        // after the transaction, so that what did not become durable is not in force either
        change(before -> sorted(Stream.concat(Stream.of(made), before.stream().filter(silence -> !isLongOver(silence, now)))));
        return made.view();
    }

    private static void checkTimes(Instant startsAt, Instant endsAt, Instant now) {
        if (!endsAt.isAfter(startsAt) || !endsAt.isAfter(now)) {
            throw new IllegalArgumentException("a silence ends after it begins, and not in the past");
        }
        if (startsAt.isAfter(now.plus(LONGEST))) {
            throw new IllegalArgumentException("a silence begins within a year");
        }
        if (Duration.between(startsAt, endsAt).compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a silence lasts a year at most; take the probe out of the configuration instead");
        }
    }

    private static void insert(Handle tx, SilenceView view) {
        tx.createUpdate("INSERT INTO silence (id, matchers, starts_at, ends_at, made_by, comment, created_at) VALUES (:id, :matchers,"
                        + " :starts, :ends, :by, :comment, :created)")
                .bind("id", view.id())
                .bind("matchers", String.join("\n", view.matchers()))
                .bind("starts", view.startsAt().toEpochMilli())
                .bind("ends", view.endsAt().toEpochMilli())
                .bind("by", view.by())
                .bind("comment", view.comment())
                .bind("created", view.createdAt().toEpochMilli())
                .execute();
    }

    /** Ends one now; absent where there is none that is not over. */
    public Optional<SilenceView> expire(String id, Instant now) {
        int rows = store.write(tx -> tx.createUpdate(
                        "UPDATE silence SET ends_at = :now, starts_at = CASE WHEN starts_at > :now THEN :now ELSE starts_at END"
                                + " WHERE id = :id AND ends_at > :now")
                .bind("now", now.toEpochMilli())
                .bind("id", id)
                .execute());
        if (rows == 0) {
            return Optional.empty();
        }
        change(before -> before.stream()
                .map(silence -> silence.view().id().equals(id) ? silence.endedAt(now) : silence)
                .toList());
        return all().stream().filter(view -> view.id().equals(id)).findFirst();
    }

    private void change(UnaryOperator<List<Silence>> how) {
        changing.lock();
        try {
            known = how.apply(known);
        } finally {
            changing.unlock();
        }
    }

    private static boolean isLongOver(Silence silence, Instant now) {
        return silence.view().endsAt().isBefore(now.minus(KEPT));
    }

    private static void forgetOld(Handle tx, Instant now) {
        tx.createUpdate("DELETE FROM silence WHERE ends_at < :old")
                .bind("old", now.minus(KEPT).toEpochMilli())
                .execute();
    }

    private static List<Silence> stored(Handle handle) {
        return sorted(handle
                .createQuery("SELECT id, matchers, starts_at, ends_at, made_by, comment, created_at FROM silence")
                .map((row, _) -> new SilenceView(
                        row.getString("id"),
                        List.of(row.getString("matchers").split("\n")),
                        Instant.ofEpochMilli(row.getLong("starts_at")),
                        Instant.ofEpochMilli(row.getLong("ends_at")),
                        row.getString("made_by"),
                        row.getString("comment"),
                        Instant.ofEpochMilli(row.getLong("created_at"))))
                .stream()
                .flatMap(view -> {
                    try {
                        return Stream.of(new Silence(view, read(view.matchers())));
                    } catch (IllegalArgumentException e) {
                        LOG.warn("Silence {} of {} is left out: {}", view.id(), view.by(), e.getMessage());
                        return Stream.empty();
                    }
                }));
    }

    private static List<Silence> sorted(Stream<Silence> silences) {
        return silences.sorted(Comparator.comparing((Silence s) -> s.view().createdAt())
                        .reversed()
                        .thenComparing(s -> s.view().id()))
                .toList();
    }

    private static List<SilenceMatcher> read(List<String> matchers) {
        if (matchers.isEmpty()) {
            throw new IllegalArgumentException("a silence without matchers would silence everything; name what it is about, as probe=gateway");
        }
        if (matchers.size() > MOST_MATCHERS) {
            throw new IllegalArgumentException("a silence has " + MOST_MATCHERS + " matchers at most");
        }
        return matchers.stream().map(SilenceMatcher::parse).toList();
    }

    private String id() {
        byte[] bytes = new byte[6];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
