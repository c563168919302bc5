package dev.gatewatch.alerting.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.gatewatch.store.Store;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import dev.gatewatch.view.SilenceView;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;

/** Silences: kept in the store, and at hand in memory. Safe for many threads. */
public final class Silences implements Restraint {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int MOST = 1_000;
    private static final int MOST_MATCHERS = 20;
    private static final int LONGEST_TEXT = 1_000;

    private final Store store;
    private final RandomGenerator random = new SecureRandom();

    /** Replaced as a whole, in the same transaction as the table changes; newest first. */
    private volatile List<Silence> known;

    /** A silence with its matchers read. */
    private record Silence(SilenceView view, List<Condition> conditions) {
        boolean on(AlertView alert, Instant now) {
            return view.state(now) == SilenceView.State.ACTIVE
                    && conditions.stream().allMatch(c -> c.accepts(Properties.of(alert, c.name())));
        }
    }

    /** One matcher: a name, and what its value has to be or must not be. */
    private record Condition(String name, boolean negated, Optional<Pattern> pattern, String value) {
        boolean accepts(String actual) {
            boolean same = pattern.map(p -> p.matches(actual)).orElse(value.equals(actual));
            return same != negated;
        }
    }

    public Silences(Store store) {
        this.store = store;
        this.known = store.read(Silences::read);
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
     * Makes a silence.
     *
     * @throws IllegalArgumentException in a person's words, when it cannot be made
     */
    public SilenceView create(
            List<String> matchers, Instant startsAt, Instant endsAt, String by, String comment, Instant now) {
        List<Condition> conditions = conditions(matchers);
        if (!endsAt.isAfter(startsAt) || !endsAt.isAfter(now)) {
            throw new IllegalArgumentException("a silence ends after it begins, and not in the past");
        }
        if (Duration.between(startsAt, endsAt).compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a silence lasts a year at most; take the probe out of the configuration instead");
        }
        if (by.length() > LONGEST_TEXT || comment.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("names and comments have at most " + LONGEST_TEXT + " characters");
        }
        var view = new SilenceView(id(), matchers, startsAt, endsAt, by, comment, now);
        return store.write(tx -> {
            forgetOld(tx, now);
            if (tx.createQuery("SELECT COUNT(*) FROM silence").mapTo(Integer.class).one() >= MOST) {
                throw new IllegalArgumentException("there are " + MOST + " silences already; end some, or match more with one");
            }
            tx.createUpdate("INSERT INTO silence (id, matchers, starts_at, ends_at, made_by, comment, created_at) VALUES (:id, :matchers,"
                            + " :starts, :ends, :by, :comment, :created)")
                    .bind("id", view.id())
                    .bind("matchers", String.join("\n", matchers))
                    .bind("starts", startsAt.toEpochMilli())
                    .bind("ends", endsAt.toEpochMilli())
                    .bind("by", by)
                    .bind("comment", comment)
                    .bind("created", now.toEpochMilli())
                    .execute();
            var all = new ArrayList<Silence>();
            all.add(new Silence(view, conditions));
            all.addAll(read(tx).stream().filter(s -> !s.view().id().equals(view.id())).toList());
            known = List.copyOf(all);
            return view;
        });
    }

    /** Ends one now; absent where there is none that is not over. */
    public Optional<SilenceView> expire(String id, Instant now) {
        return store.write(tx -> {
            int rows = tx.createUpdate("UPDATE silence SET ends_at = :now, starts_at = CASE WHEN starts_at > :now THEN :now ELSE starts_at END"
                            + " WHERE id = :id AND ends_at > :now")
                    .bind("now", now.toEpochMilli())
                    .bind("id", id)
                    .execute();
            known = read(tx);
            return rows == 0
                    ? Optional.<SilenceView>empty()
                    : known.stream().map(Silence::view).filter(s -> s.id().equals(id)).findFirst();
        });
    }

    private static void forgetOld(Handle tx, Instant now) {
        tx.createUpdate("DELETE FROM silence WHERE ends_at < :old")
                .bind("old", now.minus(KEPT).toEpochMilli())
                .execute();
    }

    private static List<Silence> read(Handle handle) {
        return handle
                .createQuery("SELECT id, matchers, starts_at, ends_at, made_by, comment, created_at FROM silence")
                .map((row, _) -> {
                    List<String> matchers = List.of(row.getString("matchers").split("\n"));
                    return new Silence(
                            new SilenceView(
                                    row.getString("id"),
                                    matchers,
                                    Instant.ofEpochMilli(row.getLong("starts_at")),
                                    Instant.ofEpochMilli(row.getLong("ends_at")),
                                    row.getString("made_by"),
                                    row.getString("comment"),
                                    Instant.ofEpochMilli(row.getLong("created_at"))),
                            conditions(matchers));
                })
                .stream()
                .sorted(Comparator.comparing((Silence s) -> s.view().createdAt())
                        .reversed()
                        .thenComparing(s -> s.view().id()))
                .toList();
    }

    private static List<Condition> conditions(List<String> matchers) {
        if (matchers.isEmpty()) {
            throw new IllegalArgumentException("a silence without matchers would silence everything; name what it is about, as probe=gateway");
        }
        if (matchers.size() > MOST_MATCHERS) {
            throw new IllegalArgumentException("a silence has " + MOST_MATCHERS + " matchers at most");
        }
        return matchers.stream().map(Silences::condition).toList();
    }

    private static Condition condition(String matcher) {
        int at = matcher.indexOf('=');
        boolean negated = at > 0 && matcher.charAt(at - 1) == '!';
        boolean regex = at > 0 && at + 1 < matcher.length() && matcher.charAt(at + 1) == '~';
        int notRegex = matcher.indexOf("!~");
        if (notRegex > 0 && (at < 0 || notRegex < at)) {
            return made(matcher, matcher.substring(0, notRegex), true, true, matcher.substring(notRegex + 2));
        }
        if (at <= 0) {
            throw malformed(matcher);
        }
        return made(
                matcher, matcher.substring(0, negated ? at - 1 : at), negated, regex, matcher.substring(at + (regex ? 2 : 1)));
    }

    private static Condition made(String matcher, String name, boolean negated, boolean regex, String value) {
        String key = name.strip();
        if (!key.matches("[a-zA-Z_][a-zA-Z0-9_]{0,99}") || matcher.indexOf('\n') >= 0 || matcher.length() > LONGEST_TEXT) {
            throw malformed(matcher);
        }
        try {
            return new Condition(key, negated, regex ? Optional.of(Pattern.compile(value)) : Optional.empty(), value);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("\"" + value + "\" is no regular expression (RE2 syntax): " + e.getDescription(), e);
        }
    }

    private static IllegalArgumentException malformed(String matcher) {
        return new IllegalArgumentException("\"" + (matcher.length() > 60 ? matcher.substring(0, 60) + "…" : matcher)
                + "\" is no matcher; write name=value, name!=value, name=~regex or name!~regex");
    }

    private String id() {
        byte[] bytes = new byte[6];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
