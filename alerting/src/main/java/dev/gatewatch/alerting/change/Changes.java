package dev.gatewatch.alerting.change;

import dev.gatewatch.change.Verdict;
import dev.gatewatch.store.Store;
import dev.gatewatch.view.ChangeView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Changes: kept in the store, and at hand in memory. Safe for many threads. */
public final class Changes {
    /** How long a change that nobody ended is taken to go on. */
    static final Duration LONGEST = Duration.ofDays(1);

    private static final Duration KEPT = Duration.ofDays(366);
    private static final Duration LONGEST_WATCH = Duration.ofDays(7);
    private static final Duration SHORTEST_WATCH = Duration.ofSeconds(10);
    private static final int MOST = 1_000;
    private static final int MOST_LABELS = 20;
    private static final int LONGEST_TEXT = 1_000;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@+-]{0,99}");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,99}");

    private final Store store;

    /** As the store has them, newest first. Replaced as a whole. */
    private volatile List<ChangeView> known;

    public Changes(Store store) {
        this.store = store;
        this.known = store.read(Changes::read);
    }

    /** All that are kept, newest first. */
    public List<ChangeView> all() {
        return known;
    }

    public Optional<ChangeView> find(String id) {
        return known.stream().filter(change -> change.id().equals(id)).findFirst();
    }

    /**
     * Marks the beginning of a change. The same beginning told twice, as by a pipeline that tries again, is one.
     *
     * @throws IllegalArgumentException in a person's words, when it cannot be
     */
    public ChangeView begin(String id, Map<String, String> labels, String by, String comment, Instant now) {
        check(id, labels, by, comment);
        store.write(tx -> {
            Optional<ChangeView> before = read(tx).stream().filter(c -> c.id().equals(id)).findFirst();
            if (before.isPresent()) {
                if (before.get().endedAt().isEmpty() && before.get().labels().equals(labels)) {
                    return 0; // told before
                }
                throw new IllegalArgumentException("there is a change " + id + " already, of " + before.get().beganAt()
                        + "; each has an id of its own, such as deploy-42");
            }
            forgetOld(tx, now);
            tx.createUpdate("INSERT INTO change_marker (id, labels, comment, made_by, began_at, verdict, compared) VALUES (:id, :labels,"
                            + " :comment, :by, :began, '', '')")
                    .bind("id", id)
                    .bind("labels", written(labels))
                    .bind("comment", comment)
                    .bind("by", by)
                    .bind("began", now.toEpochMilli())
                    .execute();
            return 1;
        });
        refresh();
        return find(id).orElseThrow();
    }

    /**
     * Marks its end. The same end told twice is one.
     *
     * @param watched for how long what follows is compared with what was before
     * @return absent where there is no such change
     */
    public Optional<ChangeView> end(String id, Duration watched, Instant now) {
        if (watched.compareTo(SHORTEST_WATCH) < 0 || watched.compareTo(LONGEST_WATCH) > 0) {
            throw new IllegalArgumentException("what follows a change is watched for 10s to 7d");
        }
        store.write(tx -> {
            return tx.createUpdate("UPDATE change_marker SET ended_at = CASE WHEN began_at > :now THEN began_at ELSE :now END, watched_until ="
                            + " CASE WHEN began_at > :now THEN began_at ELSE :now END + :watched WHERE id = :id AND ended_at IS NULL")
                    .bind("now", now.toEpochMilli())
                    .bind("watched", watched.toMillis())
                    .bind("id", id)
                    .execute();
        });
        refresh();
        return find(id);
    }

    /** What was found of a change that is over, as it was kept; empty where nothing was yet. */
    Optional<String> compared(String id) {
        return store.read(handle -> handle.createQuery("SELECT compared FROM change_marker WHERE id = :id AND compared <> ''")
                .bind("id", id)
                .mapTo(String.class)
                .findOne());
    }

    /** Keeps what was found. */
    void keep(String id, Verdict verdict, String compared) {
        store.write(tx -> {
            return tx.createUpdate("UPDATE change_marker SET verdict = :verdict, compared = :compared WHERE id = :id")
                    .bind("verdict", verdict.code())
                    .bind("compared", compared)
                    .bind("id", id)
                    .execute();
        });
        refresh();
    }

    /** After the transaction, so that what did not become durable is not known either. */
    private void refresh() {
        known = store.read(Changes::read);
    }

    /**
     * The latest change that a trouble may come from: one of this probe that went on when the trouble began, or had ended not longer before
     * than this.
     *
     * @param property the value of a probe's property or label; empty where it has none
     */
    public Optional<ChangeView> before(UnaryOperator<String> property, Instant startsAt, Duration namedFor) {
        return known.stream()
                .filter(change -> !startsAt.isBefore(change.beganAt()))
                .filter(change -> startsAt.isBefore(change.endedAt().map(end -> end.plus(namedFor)).orElse(change.beganAt().plus(LONGEST))))
                .filter(change -> change.isAbout(property))
                .max(Comparator.comparing(ChangeView::beganAt));
    }

    private static void check(String id, Map<String, String> labels, String by, String comment) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a change's id has up to 100 letters, digits and . _ : @ + - , as deploy-42; found \"" + cut(id) + "\"");
        }
        if (labels.size() > MOST_LABELS) {
            throw new IllegalArgumentException("a change has " + MOST_LABELS + " labels at most");
        }
        labels.forEach((name, value) -> {
            if (!LABEL.matcher(name).matches() || value.length() > LONGEST_TEXT || value.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("\"" + cut(name + "=" + value) + "\" is no label; write name=value");
            }
        });
        if (by.length() > LONGEST_TEXT || comment.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("names and comments have at most " + LONGEST_TEXT + " characters");
        }
    }

    private static String cut(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    private static void forgetOld(Handle tx, Instant now) {
        tx.createUpdate("DELETE FROM change_marker WHERE began_at < :old OR id IN (SELECT id FROM change_marker ORDER BY began_at DESC LIMIT"
                        + " 1000000 OFFSET :most)")
                .bind("old", now.minus(KEPT).toEpochMilli())
                .bind("most", MOST - 1)
                .execute();
    }

    private static String written(Map<String, String> labels) {
        return labels.entrySet().stream().map(l -> l.getKey() + "=" + l.getValue()).collect(Collectors.joining("\n"));
    }

    private static SequencedMap<String, String> labels(String written) {
        var labels = new LinkedHashMap<String, String>();
        written.lines().forEach(line -> {
            int at = line.indexOf('=');
            labels.put(line.substring(0, at), line.substring(at + 1));
        });
        return labels;
    }

    private static List<ChangeView> read(Handle handle) {
        return handle
                .createQuery("SELECT id, labels, comment, made_by, began_at, ended_at, watched_until, verdict FROM change_marker"
                        + " ORDER BY began_at DESC, id")
                .map((row, _) -> {
                    long ended = row.getLong("ended_at");
                    boolean open = row.wasNull();
                    return new ChangeView(
                            row.getString("id"),
                            labels(row.getString("labels")),
                            row.getString("comment"),
                            row.getString("made_by"),
                            Instant.ofEpochMilli(row.getLong("began_at")),
                            open ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended)),
                            open ? Optional.empty() : Optional.of(Instant.ofEpochMilli(row.getLong("watched_until"))),
                            row.getString("verdict"));
                })
                .list();
    }
}
