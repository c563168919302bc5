package dev.gatewatch.alerting.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatewatch.change.Bounds;
import dev.gatewatch.change.Comparison;
import dev.gatewatch.change.Usual;
import dev.gatewatch.change.Verdict;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.TestStore;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Store;
import dev.gatewatch.view.ChangeView;
import dev.gatewatch.view.ChangeView.State;
import dev.gatewatch.view.SeriesView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChangesTest {
    private static final Instant NOON = FakeClock.START;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Series GATEWAY = new Series("gateway", "eu", "here");
    private static final Series LEDGER = new Series("ledger", "", "here");

    @RegisterExtension
    final TestStore store = new TestStore();

    private Changes changes() {
        return new Changes(store.get());
    }

    @Test
    void aChangeBeginsEndsAndOutlivesTheDaemon() {
        Changes changes = changes();
        changes.begin("deploy-42", Map.of("team", "payments"), "ada", "release 1.8", NOON);
        changes.end("deploy-42", Duration.ofMinutes(10), NOON.plusSeconds(180));

        ChangeView kept = changes().find("deploy-42").orElseThrow();
        assertThat(kept).isEqualTo(changes.all().getFirst());
        assertThat(kept.labels()).containsExactly(Map.entry("team", "payments"));
        assertThat(kept.endedAt()).contains(NOON.plusSeconds(180));
        assertThat(kept.watchedUntil()).contains(NOON.plusSeconds(780));
        assertThat(kept.state(NOON.plusSeconds(779))).isEqualTo(State.WATCHED);
        assertThat(kept.state(NOON.plusSeconds(780))).isEqualTo(State.OVER);
    }

    @Test
    void whatAPipelineTellsTwiceIsOne() {
        Changes changes = changes();
        ChangeView first = changes.begin("d", Map.of(), "ada", "", NOON);
        assertThat(changes.begin("d", Map.of(), "ada", "", NOON.plusSeconds(5))).isEqualTo(first);
        ChangeView ended = changes.end("d", HOUR, NOON.plusSeconds(60)).orElseThrow();
        assertThat(changes.end("d", HOUR, NOON.plusSeconds(90))).contains(ended);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> changes.begin("d", Map.of(), "ada", "", NOON.plusSeconds(120)))
                .withMessageContaining("there is a change d already");
        assertThat(changes.end("nobody", HOUR, NOON)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            deploy 42 | a      | x   | a change's id has up to 100 letters
            ''        | a      | x   | a change's id has up to 100 letters
            ../x      | a      | x   | a change's id has up to 100 letters
            d         | a b    | x   | "a b=x" is no label; write name=value
            d         | a      | 'x
            y'        | is no label
            """)
    void whatCannotBeIsSaidInWords(String id, String label, String value, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> changes().begin(id, Map.of(label, value), "ada", "", NOON))
                .withMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource({"-1, ''", "0, deploy", "59, deploy", "60, deploy", "3659, deploy", "3660, ''"})
    void aTroubleIsNamedAfterTheChangeItBeganInOrSoonAfter(int seconds, String expected) {
        Changes changes = changes();
        changes.begin("deploy", Map.of("team", "payments"), "ada", "", NOON);
        changes.begin("other", Map.of("team", "shop"), "bob", "", NOON);
        changes.end("deploy", Duration.ofMinutes(10), NOON.plusSeconds(60));

        assertThat(changes.before(name -> name.equals("team") ? "payments" : "", NOON.plusSeconds(seconds), HOUR).map(ChangeView::id))
                .isEqualTo(expected.isEmpty() ? Optional.empty() : Optional.of(expected));
    }

    @Test
    void aChangeThatNobodyEndedIsForgottenByAlertsAfterADay() {
        Changes changes = changes();
        changes.begin("deploy", Map.of(), "ada", "", NOON);

        assertThat(changes.before(_ -> "", NOON.plus(HOUR.multipliedBy(23)), HOUR)).isPresent();
        assertThat(changes.before(_ -> "", NOON.plus(HOUR.multipliedBy(25)), HOUR)).isEmpty();
    }

    @Test
    void whatRanBeforeAndAfterIsComparedFromTheJournalAndTheResultKept() {
        Changes changes = changes();
        Reviews reviews = reviews(changes);
        journal(GATEWAY, 600, 400, 1.3);
        journal(LEDGER, 600, 400, 1);
        // ten hours before there was another, which ended two hours before this one
        changes.begin("earlier", Map.of(), "ada", "", NOON.minus(HOUR.multipliedBy(3)));
        changes.end("earlier", HOUR, NOON.minus(HOUR.multipliedBy(2)));
        changes.begin("deploy", Map.of("team", "payments"), "ada", "", NOON);
        assertThat(reviews.of(changes.find("deploy").orElseThrow(), NOON.plusSeconds(600)).verdict()).isEqualTo(Verdict.WORSE);
        changes.end("deploy", Duration.ofMinutes(30), NOON.plusSeconds(60));

        ChangeView going = changes.find("deploy").orElseThrow();
        assertThat(reviews.of(going, NOON.plusSeconds(70)).verdict()).isEqualTo(Verdict.TOO_LITTLE_DATA);
        assertThat(changes.find("deploy").orElseThrow().verdict()).isEmpty();

        Instant over = NOON.plusSeconds(60).plus(HOUR);
        Comparison comparison = reviews.of(going, over);
        assertThat(comparison.verdict()).isEqualTo(Verdict.WORSE);
        assertThat(comparison.probes()).singleElement().satisfies(p -> {
            assertThat(p.series()).isEqualTo(GATEWAY);
            assertThat(p.latency().effect().orElseThrow().lower()).isLessThan(0.3);
            assertThat(p.latency().effect().orElseThrow().upper()).isGreaterThan(0.3);
        });
        assertThat(changes.find("deploy").orElseThrow().verdict()).isEqualTo("worse");

        // the runs have gone, what was found has not
        store.get().write(tx -> tx.execute("delete from journal"));
        Changes afterRestart = changes();
        assertThat(reviews(afterRestart).of(afterRestart.find("deploy").orElseThrow(), over.plus(HOUR)).probes())
                .isEqualTo(comparison.probes());
    }

    @Test
    void verdictsOfChangesThatAreOverAreListedWithoutBeingAskedFor() {
        Changes changes = changes();
        journal(GATEWAY, 600, 400, 1);
        changes.begin("deploy", Map.of("probe", "gateway"), "ada", "", NOON);
        changes.end("deploy", Duration.ofMinutes(40), NOON.plusSeconds(1));

        assertThat(reviews(changes).all(NOON.plusSeconds(2_000))).extracting(ChangeView::verdict).containsExactly("");
        assertThat(reviews(changes).all(NOON.plusSeconds(3_000))).extracting(ChangeView::verdict).containsExactly("same");
    }

    @Test
    void theNextChangeEndsWhatIsComparedOfThisOne() {
        Changes changes = changes();
        // a fifth hour in, the next deploy makes it slower
        journal(GATEWAY, 600, 60, 1);
        for (Result late : runs(GATEWAY, NOON.plusSeconds(600), 300, 2)) {
            store.get().journal().append(List.of(late));
        }
        changes.begin("first", Map.of("probe", "gateway"), "ada", "", NOON.minusSeconds(1));
        changes.end("first", HOUR, NOON);
        changes.begin("second", Map.of(), "ada", "", NOON.plusSeconds(600));

        Comparison comparison = reviews(changes).of(changes.find("first").orElseThrow(), NOON.plus(HOUR));
        assertThat(comparison.probes().getFirst().latency().runsAfter()).isEqualTo(60);
        assertThat(comparison.verdict()).isEqualTo(Verdict.SAME);
    }

    /** Beside one that runs every ten seconds: 62 runs of the slower; whoever needs more than two hours for them is not waited for. */
    @ParameterizedTest
    @CsvSource({"1, 620", "10, 620", "30, 1860", "60, 3720", "116, 7192", "117, 620", "86400, 620"})
    void aChangeIsWatchedUntilItsProbesHaveRunOftenEnough(int interval, int seconds) {
        Changes changes = changes();
        var reviews = new Reviews(
                store.get(),
                changes,
                () -> List.of(view(GATEWAY, "payments", interval), view(LEDGER, "payments", 10), view(LEDGER, "books", 110)),
                () -> Bounds.STANDARD,
                _ -> Usual.UNKNOWN);
        ChangeView ofPayments = changes.begin("deploy", Map.of("team", "payments"), "ada", "", NOON);

        assertThat(reviews.enough(ofPayments)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(reviews.watch(ofPayments)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void aChangeIsWatchedForTenMinutesAtLeast() {
        Changes changes = changes();
        var reviews = new Reviews(
                store.get(), changes, () -> List.of(view(GATEWAY, "payments", 2)), () -> Bounds.STANDARD, _ -> Usual.UNKNOWN);
        ChangeView change = changes.begin("deploy", Map.of(), "ada", "", NOON);

        assertThat(reviews.enough(change)).isEqualTo(Duration.ofSeconds(124));
        assertThat(reviews.watch(change)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aChangeOfNothingIsWatchedForTenMinutes() {
        Changes changes = changes();

        assertThat(reviews(changes).watch(changes.begin("deploy", Map.of("team", "nobody"), "ada", "", NOON))).isEqualTo(Duration.ofMinutes(10));
    }

    /** A run every ten seconds, so many before noon and so many from then on. */
    private void journal(Series series, int before, int after, double factor) {
        var all = new ArrayList<>(runs(series, NOON.minusSeconds(10L * before), before, 1));
        all.addAll(runs(series, NOON, after, factor));
        store.get().journal().append(all);
    }

    private static List<Result> runs(Series series, Instant from, int count, double factor) {
        var random = new SplittableRandom(from.getEpochSecond());
        var runs = new ArrayList<Result>();
        for (int i = 0; i < count; i++) {
            long micros = Math.round(80_000 * factor * Math.exp(0.1 * random.nextGaussian()));
            runs.add(Runs.pass(series, from.plusSeconds(10L * i), Duration.ofNanos(micros * 1_000)));
        }
        return runs;
    }

    private Reviews reviews(Changes changes) {
        Store opened = store.get();
        return new Reviews(opened, changes, () -> List.of(view(GATEWAY, "payments"), view(LEDGER, "books")), () -> Bounds.STANDARD, _ -> Usual.UNKNOWN);
    }

    private static SeriesView view(Series series, String team) {
        return view(series, team, 10);
    }

    private static SeriesView view(Series series, String team, int interval) {
        return new SeriesView(
                series,
                "http",
                "https://pay.example",
                new LinkedHashMap<>(Map.of("team", team)),
                Duration.ofSeconds(interval),
                Duration.ofSeconds(1),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }
}
