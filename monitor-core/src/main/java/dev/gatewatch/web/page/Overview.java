package dev.gatewatch.web.page;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The first page: what is broken and why, then every probe, then certificates. Immutable.
 *
 * @param headline one sentence that says whether all is well
 * @param tone of the headline: {@code fail}, {@code degraded}, {@code pass} or {@code waiting}
 * @param probes as filtered, worst first
 * @param hidden how many probes the list leaves out because it would be too long
 */
public record Overview(
        String headline,
        String detail,
        String tone,
        String updatedAt,
        List<AlertCard> firing,
        List<AlertCard> pending,
        List<Chip> chips,
        String search,
        String show,
        List<ProbeRow> probes,
        int hidden,
        int total,
        String allPath,
        List<CertificateRow> certificates) {
    /** More rows than this are shown only when asked for: a page should not weigh megabytes every few seconds. */
    static final int MOST = 200;

    static final int MOST_ALERTS = 50;

    /** A count that is also a filter. */
    public record Chip(State state, int count, String path, boolean on) {}

    /**
     * What a reader asked to see.
     *
     * @param search text to be found in a probe; empty for all
     * @param show a state's code, or empty for all
     * @param all whether to show more than fit
     */
    public record Filter(String search, String show, boolean all) {
        public static final Filter NONE = new Filter("", "", false);
    }

    public static Overview of(Snapshot snapshot, Filter filter, Instant now) {
        Counts counts = Counts.of(snapshot);
        List<ProbeRow> every = ProbeRow.all(snapshot.probes(), now);
        List<ProbeRow> found = every.stream()
                .filter(p -> filter.search().isBlank() || p.matches(filter.search().strip()))
                .filter(p -> filter.show().isEmpty() || p.worst().code().equals(filter.show()))
                .sorted(Comparator.comparing(ProbeRow::worst))
                .toList();
        List<ProbeRow> shown = filter.all() ? found : found.stream().limit(MOST).toList();
        return new Overview(
                headline(counts),
                detail(counts),
                tone(counts),
                snapshot.at().toString(),
                cards(snapshot, AlertView.State.FIRING, now),
                cards(snapshot, AlertView.State.PENDING, now),
                chips(counts, filter),
                filter.search(),
                filter.show(),
                shown,
                found.size() - shown.size(),
                every.size(),
                path(filter.show(), filter.search()) + (filter.show().isEmpty() && filter.search().isBlank() ? "?" : "&")
                        + "all=true",
                CertificateRow.all(snapshot.probes(), now));
    }

    private static List<AlertCard> cards(Snapshot snapshot, AlertView.State state, Instant now) {
        Set<String> probes = snapshot.probes().stream().map(s -> s.series().probe()).collect(Collectors.toSet());
        return snapshot.alerts().stream()
                .filter(a -> a.state() == state)
                .sorted(Comparator.comparing(AlertView::severity).reversed())
                .limit(MOST_ALERTS)
                .map(a -> AlertCard.of(a, probes.contains(a.series().probe()), List.of(), now))
                .toList();
    }

    private static String headline(Counts c) {
        if (c.series() == 0) {
            return "No probes are configured";
        }
        if (c.firing() > 0) {
            return Words.count(c.firing(), "alert") + (c.firing() == 1 ? " is firing" : " are firing");
        }
        int bad = c.fail() + c.broken();
        if (bad > 0) {
            return Words.count(bad, "probe") + (bad == 1 ? " fails" : " fail") + ", no alert fires yet";
        }
        if (c.waiting() == c.series()) {
            return "Waiting for the first results";
        }
        if (c.degraded() > 0) {
            return "Everything answers, " + c.degraded() + " less well than it should";
        }
        return "All is well";
    }

    private static String detail(Counts c) {
        if (c.series() == 0) {
            return "Add one under probes: in the configuration and reload.";
        }
        var parts = new ArrayList<String>();
        add(parts, c.fail(), "failing");
        add(parts, c.broken(), "not measured through our own fault");
        add(parts, c.degraded(), "degraded");
        add(parts, c.waiting(), "waiting for a first run");
        parts.add(c.pass() + " of " + c.series() + " passing");
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, int count, String words) {
        if (count > 0) {
            parts.add(count + " " + words);
        }
    }

    private static String tone(Counts c) {
        if (c.firing() > 0 || c.fail() + c.broken() > 0) {
            return "fail";
        }
        if (c.series() == 0 || c.waiting() == c.series()) {
            return "waiting";
        }
        return c.degraded() + c.pending() > 0 ? "degraded" : "pass";
    }

    private static List<Chip> chips(Counts c, Filter filter) {
        var chips = new ArrayList<Chip>();
        for (State state : State.values()) {
            int count =
                    switch (state) {
                        case FAIL -> c.fail();
                        case BROKEN -> c.broken();
                        case DEGRADED -> c.degraded();
                        case WAITING -> c.waiting();
                        case PASS -> c.pass();
                    };
            boolean on = state.code().equals(filter.show());
            if (count > 0 || on) {
                // a second click takes the filter off
                chips.add(new Chip(state, count, path(on ? "" : state.code(), filter.search()), on));
            }
        }
        return chips;
    }

    private static String path(String show, String search) {
        var query = new ArrayList<String>();
        if (!show.isEmpty()) {
            query.add("show=" + Words.queryValue(show));
        }
        if (!search.isBlank()) {
            query.add("q=" + Words.queryValue(search));
        }
        return query.isEmpty() ? "/" : "/?" + String.join("&", query);
    }

    /** How old the picture is; a reader should not trust an old one. */
    public static boolean isOld(Snapshot snapshot, Instant now) {
        return Duration.between(snapshot.at(), now).compareTo(Duration.ofSeconds(30)) > 0;
    }
}
