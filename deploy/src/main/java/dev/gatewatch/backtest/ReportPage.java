package dev.gatewatch.backtest;

import dev.gatewatch.probe.Series;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The findings as one page that needs nothing else: no script, no font, no picture from elsewhere. All that comes from history and
 * configuration is escaped.
 */
public final class ReportPage {
    private static final int MOST_LISTED = 1_000;
    private static final int MOST_PICTURED = 40;
    private static final int MOST_WEEKS = 60;

    private final Findings findings;
    private final Optional<Comparison> comparison;
    private final DateTimeFormatter time;
    private final DateTimeFormatter day;
    private final ZoneId zone;
    private final Html out = new Html();

    private ReportPage(Findings findings, Optional<Comparison> comparison, ZoneId zone) {
        this.findings = findings;
        this.comparison = comparison;
        this.zone = zone;
        time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
        day = DateTimeFormatter.ofPattern("MMM d", Locale.ROOT).withZone(zone);
    }

    /** The page; times are of this zone. */
    public static String of(Findings findings, Optional<Comparison> comparison, ZoneId zone) {
        var page = new ReportPage(findings, comparison, zone);
        page.write();
        return page.out.toString();
    }

    private void write() {
        out.raw(ReportStyle.HEAD);
        out.open("title").text("Back-test of " + names()).close("title").raw("</head>\n<body>\n<main>\n");
        head();
        findings.sides().forEach(this::rules);
        comparison.ifPresent(this::differences);
        pictures();
        if (comparison.isEmpty()) {
            alerts("Alerts", findings.sides().getFirst().alerts());
        }
        out.raw("</main>\n</body>\n</html>\n");
    }

    private String names() {
        return String.join(" and ", findings.sides().stream().map(Findings.Side::name).toList());
    }

    private void head() {
        out.open("h1").text("Back-test").close("h1").raw("<p class=\"lead\">");
        out.text(String.format(
                Locale.ROOT,
                "%,d runs of %,d series from %s, %s to %s (%s), as %s would have judged them. Times are of %s.",
                findings.runs(),
                findings.series(),
                findings.source(),
                time.format(findings.from()),
                time.format(findings.to()),
                FindingsText.roughly(Duration.between(findings.from(), findings.to())),
                names(),
                zone));
        out.raw("</p>\n<div class=\"figures\">\n");
        for (Findings.Side side : findings.sides()) {
            String of = findings.sides().size() == 1 ? "" : " · " + side.name();
            figure(String.format(Locale.ROOT, "%,d", side.count()), "alerts" + of);
            figure(
                    String.format(Locale.ROOT, "%.2f", side.count() / findings.weeks() / Math.max(1, findings.series())),
                    "a series and week" + of);
            figure(FindingsText.roughly(all(side)), "of firing in all" + of);
        }
        out.raw("</div>\n");
        findings.notes().forEach(note -> out.raw("<p class=\"note\">").text(note).raw("</p>\n"));
    }

    private Duration all(Findings.Side side) {
        return side.alerts().stream().map(a -> a.lasted(findings.to())).reduce(Duration.ZERO, Duration::plus);
    }

    private void figure(String number, String what) {
        out.raw("<div><b>").text(number).raw("</b><span>").text(what).raw("</span></div>\n");
    }

    /** How many alerts each rule had, in all and week by week. */
    private void rules(Findings.Side side) {
        List<Instant> weeks = weeks();
        out.open("h2").text(findings.sides().size() == 1 ? "Rules" : "Rules of " + side.name()).close("h2");
        out.raw("<div class=\"wide\"><table>\n<thead><tr><th>rule</th><th class=\"n\">alerts</th><th class=\"n\">firing for</th>");
        weeks.forEach(week -> out.raw("<th class=\"n week\">").text(day.format(week)).raw("</th>"));
        out.raw("</tr></thead>\n<tbody>\n");
        Map<String, int[]> counts = byWeek(side, weeks);
        int most = counts.values().stream().flatMapToInt(Arrays::stream).max().orElse(0);
        for (String rule : side.rules()) {
            out.raw("<tr><td>").text(rule).raw("</td><td class=\"n\">").text(String.format(Locale.ROOT, "%,d", side.count(rule)));
            out.raw("</td><td class=\"n\">").text(FindingsText.roughly(side.lasted(rule, findings.to()))).raw("</td>");
            int[] counted = counts.getOrDefault(rule, new int[weeks.size()]);
            for (int n : counted) {
                String strength = String.format(Locale.ROOT, "%.2f", most == 0 ? 0 : 0.75 * n / most);
                out.raw("<td class=\"n week\" style=\"--heat:" + strength + "\">").text(n == 0 ? "·" : Integer.toString(n)).raw("</td>");
            }
            out.raw("</tr>\n");
        }
        out.raw("</tbody></table></div>\n");
        if (!weeks.isEmpty()) {
            out.raw("<p class=\"small\">Each column is the week that begins on that day; alerts count when they fire.</p>\n");
        }
    }

    /** When the weeks begin (Mondays), the newest where there are too many. */
    private List<Instant> weeks() {
        var weeks = new ArrayList<Instant>();
        ZonedDateTime week = findings.from()
                .atZone(zone)
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                .truncatedTo(ChronoUnit.DAYS);
        for (; !week.toInstant().isAfter(findings.to()); week = week.plusWeeks(1)) {
            weeks.add(week.toInstant());
        }
        return weeks.size() <= MOST_WEEKS ? weeks : weeks.subList(weeks.size() - MOST_WEEKS, weeks.size());
    }

    private static Map<String, int[]> byWeek(Findings.Side side, List<Instant> weeks) {
        var counts = new HashMap<String, int[]>();
        for (Happening alert : side.alerts()) {
            int week = weeks.size() - 1;
            while (week >= 0 && weeks.get(week).isAfter(alert.firedAt())) {
                week--;
            }
            if (week >= 0) {
                counts.computeIfAbsent(alert.rule(), _ -> new int[weeks.size()])[week]++;
            }
        }
        return counts;
    }

    private void differences(Comparison c) {
        String first = findings.sides().getFirst().name();
        String second = findings.sides().getLast().name();
        out.open("h2").text("Differences").close("h2");
        out.raw("<p>").text(String.format(
                Locale.ROOT,
                "%,d alerts are the same in both. %,d come only with %s, %,d only with %s, %,d with both at other times.",
                c.same(),
                c.onlyFirst().size(),
                first,
                c.onlySecond().size(),
                second,
                c.changed().size()));
        out.raw("</p>\n");
        alerts("Only with " + first, c.onlyFirst());
        alerts("Only with " + second, c.onlySecond());
        if (!c.changed().isEmpty()) {
            out.open("h3").text("At other times").close("h3");
            out.raw("<div class=\"wide\"><table>\n<thead><tr><th>rule</th><th>series</th><th>fires with ").text(first);
            out.raw("</th><th>for</th><th>fires with ").text(second).raw("</th><th>for</th><th>sooner by</th></tr></thead>\n<tbody>\n");
            for (Comparison.Pair pair : c.changed().stream().limit(MOST_LISTED).toList()) {
                out.raw("<tr><td>").text(pair.first().rule()).raw("</td><td>").text(pair.first().series().display());
                for (Happening alert : List.of(pair.first(), pair.second())) {
                    out.raw("</td><td class=\"t\">").text(time.format(alert.firedAt())).raw("</td><td class=\"n\">").text(lasted(alert));
                }
                out.raw("</td><td class=\"n\">").text(sooner(pair)).raw("</td></tr>\n");
            }
            out.raw("</tbody></table></div>\n");
            more(c.changed().size());
        }
    }

    private static String sooner(Comparison.Pair pair) {
        Duration sooner = Duration.between(pair.second().firedAt(), pair.first().firedAt());
        if (sooner.isZero()) {
            return "same";
        }
        return (sooner.isNegative() ? "−" : "") + FindingsText.roughly(sooner.abs());
    }

    private void alerts(String title, List<Happening> alerts) {
        out.open(comparison.isPresent() ? "h3" : "h2").text(title).close(comparison.isPresent() ? "h3" : "h2");
        if (alerts.isEmpty()) {
            out.raw("<p>None.</p>\n");
            return;
        }
        out.raw("<div class=\"wide\"><table>\n<thead><tr><th>fires</th><th class=\"n\">for</th>"
                + "<th>rule</th><th>series</th><th>why</th></tr></thead>\n<tbody>\n");
        for (Happening alert : alerts.stream().limit(MOST_LISTED).toList()) {
            out.raw("<tr><td class=\"t\">").text(time.format(alert.firedAt())).raw("</td><td class=\"n\">").text(lasted(alert));
            String severity = alert.severity().code();
            out.raw("</td><td class=\"t\"><span class=\"dot " + severity + "\" title=\"" + severity + "\"></span>").text(alert.rule());
            out.raw("</td><td class=\"name\">").text(alert.series().display()).raw("</td><td>").text(alert.cause().code() + ": " + alert.message());
            if (alert.flapping()) {
                out.raw(" <i>flapping</i>");
            }
            if (!alert.untold().isEmpty()) {
                out.raw(" <i>").text("nobody is told: " + alert.untold()).raw("</i>");
            }
            out.raw("</td></tr>\n");
        }
        out.raw("</tbody></table></div>\n");
        more(alerts.size());
    }

    private String lasted(Happening alert) {
        return alert.endsAt().isPresent() ? FindingsText.roughly(alert.lasted(findings.to())) : "still firing";
    }

    private void more(int all) {
        if (all > MOST_LISTED) {
            out.raw("<p class=\"small\">")
                    .text(String.format(Locale.ROOT, "These are the first %,d of %,d; --alerts FILE has all.", MOST_LISTED, all))
                    .raw("</p>\n");
        }
    }

    /** Those that alerted most, first the series that were longest in trouble. */
    private void pictures() {
        if (findings.tracks().isEmpty()) {
            return;
        }
        Map<Series, Duration> trouble = new HashMap<>();
        findings.sides().forEach(side -> side.alerts()
                .forEach(alert -> trouble.merge(alert.series(), alert.lasted(findings.to()), Duration::plus)));
        List<Series> order = findings.tracks().keySet().stream()
                .sorted(Comparator.comparing((Series s) -> trouble.getOrDefault(s, Duration.ZERO)).reversed())
                .limit(MOST_PICTURED)
                .toList();
        out.open("h2").text("Series that alerted").close("h2");
        out.raw("<p class=\"small legend\"><span class=\"k line\"></span> mean latency of runs that passed")
                .raw(" <span class=\"k top\"></span> the slowest of them <span class=\"k band\"></span> usual, as learnt until then")
                .raw(" <span class=\"k fail\"></span> share of failed runs <span class=\"k span\"></span> an alert fires");
        if (comparison.isPresent()) {
            out.raw(" (upper half: ").text(findings.sides().getFirst().name()).raw(", lower half: ").text(findings.sides().getLast().name()).raw(")");
        }
        out.raw("</p>\n");
        var picture = new Picture(findings, zone);
        for (Series series : order) {
            out.raw("<figure>\n<figcaption>").text(series.display()).raw("</figcaption>\n");
            out.raw(picture.of(series, Objects.requireNonNull(findings.tracks().get(series)))).raw("</figure>\n");
        }
        if (findings.tracks().size() > order.size()) {
            out.raw("<p class=\"small\">")
                    .text("The " + order.size() + " that were in trouble longest, of " + findings.tracks().size() + ".")
                    .raw("</p>\n");
        }
    }
}
