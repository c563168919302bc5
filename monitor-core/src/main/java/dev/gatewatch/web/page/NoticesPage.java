package dev.gatewatch.web.page;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.NoticeView.Attempt;
import dev.gatewatch.view.NoticeView.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The log of notices: what was told through which channel, attempt by attempt. Immutable.
 *
 * @param channels names to choose from
 * @param older where older ones are; empty where there are none
 * @param newest where the newest are, for one who looks at older ones; else empty
 */
public record NoticesPage(
        Filter filter, List<String> channels, List<Choice> states, List<Row> rows, String headline, String older, String newest) {
    /** How many are on a page. */
    public static final int SHOWN = 50;

    /**
     * What the reader wants to see.
     *
     * @param channel a channel's name, or empty for all
     * @param alert an alert's id, or empty for all
     * @param state {@code waiting}, {@code sent} or {@code dead}, or empty for all
     * @param before only older ones than the notice of this id; {@link Long#MAX_VALUE} for the newest
     */
    public record Filter(String channel, String alert, String state, long before) {
        /** The states that are meant. */
        public Set<State> states() {
            return switch (state) {
                case "waiting" -> Set.of(State.QUEUED, State.SENDING);
                case "sent" -> Set.of(State.SENT);
                case "dead" -> Set.of(State.DEAD);
                default -> Set.of(State.values());
            };
        }

        private String path(long from) {
            var query = new ArrayList<String>();
            add(query, "channel", channel);
            add(query, "alert", alert);
            add(query, "state", state);
            add(query, "before", from == Long.MAX_VALUE ? "" : Long.toString(from));
            return "/notices" + (query.isEmpty() ? "" : "?" + String.join("&", query));
        }

        private static void add(List<String> query, String name, String value) {
            if (!value.isEmpty()) {
                query.add(name + "=" + Words.queryValue(value));
            }
        }
    }

    /** A choice of the filter. */
    public record Choice(String code, String name) {}

    /**
     * A notice.
     *
     * @param what {@code fires}, {@code still fires} or {@code is over}
     * @param path the alert on the page of alerts
     * @param tone {@code pass}, {@code waiting} or {@code fail}
     * @param outcome in two or three words
     * @param at when it was sent or given up, or is tried next; empty where nothing is known
     * @param said what went wrong last; empty where nothing did
     * @param earlier how many attempts are not kept
     * @param dead whether it can be sent again
     */
    public record Row(
            long id,
            String createdAt,
            String channel,
            String what,
            String probe,
            String region,
            String severity,
            String message,
            String why,
            String alert,
            String path,
            String tone,
            String outcome,
            String at,
            String said,
            int attempts,
            int earlier,
            List<AttemptRow> log,
            boolean dead) {
        static Row of(NoticeView n) {
            return new Row(
                    n.id(),
                    n.createdAt().toString(),
                    n.channel(),
                    what(n.kind()),
                    n.alert().type().equals(AlertView.CHANNEL) ? "channel " + n.alert().target() : n.alert().series().probe(),
                    n.alert().series().region(),
                    n.alert().severity().code(),
                    n.alert().message(),
                    n.why(),
                    n.alert().id(),
                    "/alerts#a-" + Words.queryValue(n.alert().id()),
                    tone(n.state()),
                    outcome(n),
                    at(n).map(Instant::toString).orElse(""),
                    n.lastError(),
                    n.attempts(),
                    Math.max(0, n.attempts() - n.log().size()),
                    n.log().stream().map(a -> AttemptRow.of(a, n)).toList(),
                    n.state() == State.DEAD);
        }

        private static String what(String kind) {
            return switch (kind) {
                case "firing" -> "fires";
                case "reminder" -> "still fires";
                default -> "is over";
            };
        }

        private static String tone(State state) {
            return switch (state) {
                case SENT -> "pass";
                case QUEUED, SENDING -> "waiting";
                case DEAD -> "fail";
            };
        }

        private static String outcome(NoticeView n) {
            return switch (n.state()) {
                case SENT -> "delivered";
                case SENDING -> "being sent";
                case QUEUED -> n.attempts() == 0 ? "waits" : "again at";
                case DEAD -> "given up";
            };
        }

        private static Optional<Instant> at(NoticeView n) {
            return switch (n.state()) {
                case SENT, DEAD -> n.endedAt();
                case SENDING -> Optional.empty();
                case QUEUED -> n.attempts() == 0 ? Optional.empty() : n.nextAt();
            };
        }
    }

    /**
     * An attempt.
     *
     * @param took {@code 0.12 s}; empty while it goes on
     * @param next what came next: {@code delivered}, {@code given up}, {@code again at} with a time
     * @param nextAt that time; empty where there is none
     */
    public record AttemptRow(int number, String startedAt, String took, String tone, String outcome, String said, String next, String nextAt) {
        static AttemptRow of(Attempt a, NoticeView n) {
            boolean last = a.number() == n.attempts();
            String next = a.nextAt().isPresent() ? "again at" : last && n.state() == State.DEAD ? "given up" : "";
            return new AttemptRow(
                    a.number(),
                    a.startedAt().toString(),
                    switch (a.outcome()) {
                        case GOING, CUT_OFF -> "";
                        default -> Words.latency(a.took());
                    },
                    switch (a.outcome()) {
                        case DELIVERED -> "pass";
                        case GOING -> "waiting";
                        case RETRY, CUT_OFF -> "degraded";
                        case REFUSED, BROKEN -> "fail";
                    },
                    switch (a.outcome()) {
                        case GOING -> "goes on";
                        case DELIVERED -> "delivered";
                        case RETRY -> "not now";
                        case REFUSED -> "refused";
                        case BROKEN -> "channel broken";
                        case CUT_OFF -> "cut off";
                    },
                    a.said(),
                    next,
                    a.nextAt().map(Instant::toString).orElse(""));
        }
    }

    /**
     * The page.
     *
     * @param found what was asked for and one more, which shows that there are older ones
     */
    public static NoticesPage of(Filter filter, List<String> channels, List<NoticeView> found) {
        List<Row> rows = found.stream().limit(SHOWN).map(Row::of).toList();
        var names = new ArrayList<>(channels);
        if (!filter.channel().isEmpty() && !names.contains(filter.channel())) {
            names.add(filter.channel()); // one that is no longer configured has a log all the same
        }
        return new NoticesPage(
                filter,
                List.copyOf(names),
                List.of(new Choice("waiting", "waiting"), new Choice("sent", "delivered"), new Choice("dead", "given up")),
                rows,
                headline(rows, filter),
                found.size() > SHOWN ? filter.path(rows.getLast().id()) : "",
                filter.before() == Long.MAX_VALUE ? "" : filter.path(Long.MAX_VALUE));
    }

    private static String headline(List<Row> rows, Filter filter) {
        if (rows.isEmpty()) {
            return "None that match.";
        }
        return (filter.before() == Long.MAX_VALUE ? "The newest first" : "Older ones")
                + ": what was told, through which channel, and how it went.";
    }
}
