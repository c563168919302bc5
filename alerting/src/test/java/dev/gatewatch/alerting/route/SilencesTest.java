package dev.gatewatch.alerting.route;

import static dev.gatewatch.alerting.channel.support.AlertSamples.firing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatewatch.store.SqliteStore;
import dev.gatewatch.store.Store;
import dev.gatewatch.store.StoreException;
import dev.gatewatch.store.StoreSettings;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling.HeldBack;
import dev.gatewatch.view.Handling.Reason;
import dev.gatewatch.view.SilenceView;
import dev.gatewatch.view.SilenceView.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SilencesTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    /** probe gateway-health, region eu; labels service=payments, team=core. */
    private static final AlertView ALERT = firing("a1");

    @TempDir
    Path folder;

    private Store store;
    private Silences silences;

    @BeforeEach
    void open() {
        store = SqliteStore.open(StoreSettings.defaults(), folder);
        silences = new Silences(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void restart() {
        store.close();
        open();
    }

    private SilenceView silence(Instant from, Duration length, String... matchers) {
        return silences.create(List.of(matchers), from, from.plus(length), "ada", "deploy", NOW);
    }

    private boolean isHeldBack(Instant at) {
        return silences.on(ALERT, at).isPresent();
    }

    private static void refused(String words, Runnable doing) {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(doing::run).withMessageContaining(words);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiterString = " -> ", quoteCharacter = '`', textBlock = """
            probe=gateway-health -> true
            probe=gateway -> false
            probe=Gateway-health -> false
            probe = gateway-health -> true
            probe="gateway-health" -> true
            probe!=gateway-health -> false
            probe!=other -> true
            probe=~gateway-.* -> true
            probe=~"gateway-.*" -> true
            probe=~gateway -> false
            probe=~gateway|ledger -> false
            probe=~(gateway|ledger)-health -> true
            probe!~gateway-.* -> false
            probe!~ledger-.* -> true
            region=eu -> true
            severity=critical -> true
            severity!~critical|warning -> false
            service=payments -> true
            service=~pay.* -> true
            nolabel= -> true
            nolabel!= -> false
            nolabel=x -> false
            nolabel!=x -> true
            nolabel=~.* -> true
            nolabel=~.+ -> false
            nolabel!~.+ -> true
            probe=gateway-health!~x -> false
            """)
    void aMatcherSaysWhatAPropertyOrLabelHasToBe(String matcher, boolean matches) {
        silence(NOW, HOUR, matcher);

        assertThat(isHeldBack(NOW)).isEqualTo(matches);
        assertThat(silences.covered(List.of(matcher), List.of(ALERT)).equals(List.of(ALERT))).isEqualTo(matches);
    }

    @Test
    void allMatchersHaveToMatch() {
        silence(NOW, HOUR, "probe=gateway-health", "region=us");
        assertThat(isHeldBack(NOW)).isFalse();

        SilenceView both = silence(NOW, HOUR, "probe=gateway-health", "region=eu");
        assertThat(silences.on(ALERT, NOW)).contains(new HeldBack(Reason.SILENCE, both.id()));
    }

    @Test
    void itIsInForceFromItsFirstInstantAndNoLongerAtItsLast() {
        silence(NOW.plus(HOUR), HOUR, "probe=gateway-health");

        assertThat(isHeldBack(NOW.plus(HOUR).minusMillis(1))).isFalse();
        assertThat(isHeldBack(NOW.plus(HOUR))).isTrue();
        assertThat(isHeldBack(NOW.plus(HOUR.multipliedBy(2)).minusMillis(1))).isTrue();
        assertThat(isHeldBack(NOW.plus(HOUR.multipliedBy(2)))).isFalse();
        assertThat(silences.all().getFirst().state(NOW)).isEqualTo(State.PENDING);
        assertThat(silences.all().getFirst().state(NOW.plus(HOUR.multipliedBy(2)))).isEqualTo(State.EXPIRED);
    }

    @Test
    void ofOverlappingOnesEachHoldsUntilItsOwnEnd() {
        SilenceView shorter = silence(NOW, HOUR, "probe=gateway-health");
        silence(NOW.plus(Duration.ofMinutes(30)), HOUR, "region=eu");

        assertThat(isHeldBack(NOW.plus(Duration.ofMinutes(70)))).isTrue();
        silences.expire(shorter.id(), NOW.plus(Duration.ofMinutes(10)));
        assertThat(isHeldBack(NOW.plus(Duration.ofMinutes(20)))).isFalse();
        assertThat(isHeldBack(NOW.plus(Duration.ofMinutes(40)))).isTrue();
        assertThat(isHeldBack(NOW.plus(Duration.ofMinutes(90)))).isFalse();
    }

    @Test
    void aRestartChangesNothing() {
        silence(NOW, HOUR, "probe=~gateway-.*", "team!=\"other team\"");
        SilenceView ended = silence(NOW, HOUR, "region=us");
        silences.expire(ended.id(), NOW.plusSeconds(60));
        List<SilenceView> before = silences.all();

        restart();

        assertThat(silences.all()).isEqualTo(before).hasSize(2);
        assertThat(isHeldBack(NOW.plusSeconds(60))).isTrue();
    }

    @Test
    void oneThatCannotBeReadAnyMoreDoesNotKeepTheDaemonFromStarting() {
        silence(NOW, HOUR, "probe=gateway-health");
        SilenceView odd = silence(NOW, HOUR, "region=eu");
        store.write(tx -> tx.createUpdate("UPDATE silence SET matchers = 'region=~(' WHERE id = :id").bind("id", odd.id()).execute());

        restart();

        assertThat(silences.all()).hasSize(1);
        assertThat(isHeldBack(NOW)).isTrue();
    }

    @Test
    void itIsEndedEarlyOnceAndOneToComeNeverBegins() {
        SilenceView now = silence(NOW, HOUR, "probe=gateway-health");
        SilenceView later = silence(NOW.plus(HOUR), HOUR, "region=eu");
        Instant at = NOW.plusSeconds(5);

        assertThat(silences.expire(now.id(), at)).get().extracting(SilenceView::endsAt).isEqualTo(at);
        assertThat(silences.expire(now.id(), at)).as("it is over").isEmpty();
        assertThat(silences.expire("none", at)).isEmpty();
        assertThat(isHeldBack(at)).isFalse();
        assertThat(silences.expire(later.id(), at)).get().matches(s -> s.startsAt().equals(at) && s.endsAt().equals(at));
        assertThat(isHeldBack(NOW.plus(HOUR))).isFalse();
        restart();
        assertThat(isHeldBack(NOW.plus(HOUR))).isFalse();
    }

    @Test
    void theOverAreForgottenAfterAWeek() {
        silence(NOW, HOUR, "probe=a");
        Instant later = NOW.plus(HOUR).plus(Duration.ofDays(7)).plusMillis(1);
        silences.create(List.of("probe=b"), later, later.plus(HOUR), "ada", "", later);

        assertThat(silences.all()).extracting(s -> s.matchers().getFirst()).containsExactly("probe=b");
        restart();
        assertThat(silences.all()).hasSize(1);
    }

    @Test
    void whatTheStoreDoesNotTakeIsNotInForce() {
        silence(NOW, HOUR, "region=us");
        store.close();

        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> silence(NOW, HOUR, "probe=gateway-health"));
        assertThat(isHeldBack(NOW)).isFalse();
        assertThat(silences.all()).hasSize(1);
    }

    @Test
    void twoPeopleAtOnceLoseNothing() throws Exception {
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SilenceView>> made = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String matcher = "probe=p" + i;
                made.add(people.submit(() -> silence(NOW, HOUR, matcher)));
            }
            for (Future<SilenceView> each : made) {
                each.get();
            }
        }
        assertThat(silences.all()).hasSize(50);
        List<SilenceView> inMemory = silences.all();
        restart();
        assertThat(silences.all()).isEqualTo(inMemory);
    }

    /** Many at once, as a store with them would be found at a start. */
    private void stored(int count, Instant endsAt, String matchers) {
        store.write(tx -> {
            var rows = tx.prepareBatch("INSERT INTO silence (id, matchers, starts_at, ends_at, made_by, comment, created_at)"
                    + " VALUES (:id, :matchers, :starts, :ends, 'ada', '', :starts)");
            for (int i = 0; i < count; i++) {
                rows.bind("id", "s" + i)
                        .bind("matchers", matchers.formatted(i))
                        .bind("starts", NOW.minus(HOUR).toEpochMilli())
                        .bind("ends", endsAt.toEpochMilli())
                        .add();
            }
            return rows.execute().length;
        });
        restart();
    }

    @Test
    void tenThousandAreTooManyAndAThousandHoldNobodyUp() {
        stored(1_000, NOW.plus(HOUR), "probe=~gateway-(a|b)+%d.*\nregion=eu");
        for (int i = 0; i < 100; i++) {
            refused("there are 1000 silences already; end some, or match more with one", () -> silence(NOW, HOUR, "probe=x"));
        }
        assertThat(silences.all()).hasSize(1_000);

        long begin = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(isHeldBack(NOW)).isFalse();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("a hundred alerts, a thousand silences").isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void thoseThatAreOverTakeNobodysPlace() {
        stored(1_000, NOW.minusSeconds(1), "probe=deploy-%d");

        assertThat(silence(NOW, HOUR, "probe=gateway-health").state(NOW)).isEqualTo(State.ACTIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "probe", "=gateway", "!=x", "~=x", "pro be=x", "1probe=x", "probe=x\ny=z", "probe=\u0000", "probe!=~x", "probe~x", "{probe=x}"
    })
    void whatIsNoMatcherIsToldInWords(String text) {
        refused("is no matcher; write name=value, name!=value, name=~regex or name!~regex", () -> silence(NOW, HOUR, text));
        refused("is no matcher", () -> silences.covered(List.of(text), List.of(ALERT)));
        assertThat(silences.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            probe=~(                                   | is no regular expression (RE2 syntax): missing closing )
            probe=~a{2,1}                              | is no regular expression (RE2 syntax): invalid repeat count
            probe=~(?<=a)b                             | is no regular expression
            probe=~(((a{1000}){1000}){1000}){1000}     | repeats too much
            probe=~((((((((((a?)?)?)?)?)?)?)?)?)?){99} | repeats too much
            probe=~(a{99999999999})                    | is no regular expression
            """)
    void aRegexThatIsNoneOrWouldTakeAllMemoryIsToldInWords(String matcher, String words) {
        refused(words, () -> silence(NOW, HOUR, matcher));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(x+x+)+y", "(a*)*b", "(a|aa)+$", "([a-zA-Z]+)*!", "(.*)*(.*)*(.*)*z"})
    void anExpressionThatBacktrackersChokeOnTakesNoTime(String regex) {
        silence(NOW, HOUR, "probe=~" + regex);
        AlertView long1 = firing("a2", "x".repeat(100) + "a".repeat(5_000), "");

        long begin = System.nanoTime();
        silences.on(long1, NOW);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void hugeTextsAreRefusedAndShownShort() {
        refused("a matcher has 1000 characters at most", () -> silence(NOW, HOUR, "probe=" + "x".repeat(1_000_000)));
        refused("names and comments have at most 1000", () -> silences.create(List.of("a=b"), NOW, NOW.plus(HOUR), "x".repeat(2_000), "", NOW));
        refused("names and comments have at most 1000", () -> silences.create(List.of("a=b"), NOW, NOW.plus(HOUR), "", "x".repeat(2_000), NOW));
        refused("20 matchers at most", () -> silence(NOW, HOUR, java.util.stream.IntStream.range(0, 21).mapToObj(i -> "a=" + i).toArray(String[]::new)));
        refused("would silence everything", () -> silence(NOW, HOUR));
    }

    @Test
    void wrongTimesAreToldInWords() {
        refused("ends after it begins", () -> silence(NOW, Duration.ZERO, "a=b"));
        refused("ends after it begins", () -> silence(NOW, Duration.ofHours(-1), "a=b"));
        refused("not in the past", () -> silence(NOW.minus(HOUR), HOUR, "a=b"));
        refused("lasts a year at most", () -> silence(NOW, Duration.ofDays(367), "a=b"));
        refused("begins within a year", () -> silence(NOW.plus(Duration.ofDays(367)), HOUR, "a=b"));
        refused("begins within a year", () -> silence(Instant.MAX.minus(HOUR), HOUR, "a=b"));
        refused("a year at most", () -> silences.create(List.of("a=b"), Instant.MIN, Instant.MAX, "", "", NOW));
        assertThat(silence(NOW.minus(HOUR), HOUR.plusMillis(1), "a=b").state(NOW)).isEqualTo(State.ACTIVE);
    }

    @Test
    void namesAndCommentsHoldNothingThatATerminalObeys() {
        SilenceView made = silences.create(List.of("a=b"), NOW, NOW.plus(HOUR), "ada\u001b[2J", "one\ntwo\u0007", NOW);

        assertThat(made.by()).isEqualTo("ada [2J");
        assertThat(made.comment()).isEqualTo("one two");
        assertThat(Optional.of(made)).contains(silences.all().getFirst());
    }
}
