package dev.gatewatch.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.CauseClass;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.ResultJson;
import dev.gatewatch.probe.Series;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ProbeType} promises. Each type's test extends this and says how to configure it against local servers; the maps
 * hold what a user writes beside the daemon's own keys.
 */
public abstract class ProbeContractTest {
    /** Long enough for a run on a loaded machine that is meant to end by itself. */
    private static final Duration AMPLE = Duration.ofSeconds(10);

    /** A deadline that a run against a silent target is meant to meet. */
    private static final Duration SHORT = Duration.ofMillis(600);

    /** The engine interrupts a run this long after its deadline; a probe must be done by then. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** The type under test. */
    protected abstract ProbeType type();

    /** A configuration whose run passes. */
    protected abstract Map<String, Object> passing() throws Exception;

    /** A configuration whose run fails or is degraded, because the target answers something unwanted. */
    protected abstract Map<String, Object> failing() throws Exception;

    /** A configuration against a target where nobody listens. */
    protected abstract Map<String, Object> unreachable() throws Exception;

    /**
     * A configuration against a target that takes what it is sent and never answers; nothing for a type whose runs do not wait for a
     * peer. A type with a time-out key of its own leaves it at its default here.
     */
    protected abstract Optional<Map<String, Object>> silent() throws Exception;

    /** A configuration that holds {@code secret} wherever one may stand, with a target that fails; nothing for a type without secrets. */
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        return Optional.empty();
    }

    @Test
    final void theServiceLoaderFindsItOnce() {
        List<Class<?>> found = ServiceLoader.load(ProbeType.class).stream()
                .<Class<?>>map(ServiceLoader.Provider::type)
                .filter(c -> c == type().getClass())
                .toList();
        assertThat(found).as("META-INF/services line of %s", type().getClass()).hasSize(1);
    }

    @Test
    final void itsNameIsAWord() {
        assertThat(type().name()).matches("[a-z_]+");
        assertThat(type().description()).as("one sentence").endsWith(".").doesNotContain("\n");
    }

    @Test
    final void itsEndpointIsAmongItsKeysAndEachKeySaysWhatItMeans() {
        assertThat(type().keys()).contains(type().endpoint());
        assertThat(type().keys()).allSatisfy(key -> {
            assertThat(key.name()).matches("[a-z0-9_]+");
            assertThat(key.meaning()).as(key.name()).isNotBlank();
        });
        assertThat(type().keys().stream().map(key -> key.name())).doesNotHaveDuplicates();
        assertThat(type().keys().stream().map(key -> key.name()))
                .as("keys that the daemon reads itself")
                .doesNotContain("name", "type", "interval", "timeout", "labels", "regions");
    }

    @Test
    final void itsFactsAndPhasesHaveNamesMeaningsAndMetrics() {
        List<FactSpec> facts = type().facts();
        assertThat(facts.stream().map(FactSpec::name)).doesNotHaveDuplicates();
        assertThat(facts).allSatisfy(fact -> {
            assertThat(fact.name()).matches("[a-z][a-z0-9_]*");
            assertThat(fact.meaning()).as(fact.name()).isNotBlank();
        });
        assertThat(metrics()).allSatisfy(metric -> assertThat(metric).matches("probe_[a-z0-9_]+"));
        assertThat(metrics()).doesNotHaveDuplicates();
        assertThat(metrics()).as("the engine's own").doesNotContain("probe_success", "probe_duration_seconds");
        var names = new HashSet<>(facts.stream().map(FactSpec::name).toList());
        assertThat(facts.stream().flatMap(fact -> fact.labelFacts().stream())).allMatch(names::contains);
        assertThat(type().phases()).doesNotHaveDuplicates().allMatch(phase -> phase.matches("[a-z][a-z0-9_]*|\\*"));
    }

    @Test
    final void aGoodTargetPasses() throws Exception {
        Report report = run(passing(), AMPLE);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.message()).isEmpty();
        assertDeclared(report);
    }

    @Test
    final void aBadTargetIsReportedWithACauseAndAMessage() throws Exception {
        Report report = run(failing(), AMPLE);

        assertBlamesTarget(report);
        assertDeclared(report);
    }

    @Test
    final void anUnreachableTargetIsReportedNotThrown() throws Exception {
        Report report = run(unreachable(), AMPLE);

        assertBlamesTarget(report);
        assertDeclared(report);
    }

    @Test
    final void aSilentTargetEndsTheRunByItsDeadlineWithACause() throws Exception {
        Map<String, Object> config = silentOrSkip();
        try (Probe probe = Sections.probe(type(), config)) {
            Runs.once(probe, SHORT); // loads classes, so that the measured run shows the probe's own time
            long start = System.nanoTime();

            Report report = Runs.once(probe, SHORT);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plus(GRACE));
            assertBlamesTarget(report);
            assertDeclared(report);
        }
    }

    @Test
    final void anInterruptEndsARunSoon() throws Exception {
        Map<String, Object> config = silentOrSkip();
        try (Probe probe = Sections.probe(type(), config)) {
            var ended = new CompletableFuture<String>();
            Thread run = Thread.ofVirtual().start(() -> {
                try {
                    ended.complete(Runs.once(probe, Duration.ofMinutes(5)).toString());
                } catch (Throwable e) {
                    ended.complete(e.toString());
                }
            });
            // whether the interrupt meets the run before, in or after its wait, the run has to end
            var going = EnumSet.of(Thread.State.NEW, Thread.State.RUNNABLE);
            Waiting.await().until(() -> !going.contains(run.getState()));
            run.interrupt();
            assertThat(ended.get(3, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    final void aProbeMayRunTwiceAtOnce() throws Exception {
        try (Probe probe = Sections.probe(type(), passing())) {
            var reports = new ArrayList<CompletableFuture<Report>>();
            for (int i = 0; i < 4; i++) {
                var ended = new CompletableFuture<Report>();
                reports.add(ended);
                Thread.ofVirtual().start(() -> {
                    try {
                        ended.complete(Runs.once(probe, AMPLE));
                    } catch (Throwable e) {
                        ended.completeExceptionally(e);
                    }
                });
            }
            for (var report : reports) {
                assertThat(report.get(20, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.PASS);
            }
        }
    }

    @Test
    final void itsTargetIsForPeople() throws Exception {
        try (Probe probe = Sections.probe(type(), passing())) {
            assertThat(probe.target()).isNotBlank().doesNotContain("\n");
        }
    }

    @Test
    final void noSecretIsInTheReport() throws Exception {
        var secret = new Secret("s3cr3t-Vn7qXw2Lk9");
        Optional<Map<String, Object>> config = withSecret(secret);
        Assumptions.assumeTrue(config.isPresent(), "the type has no secrets");
        try (Probe probe = Sections.probe(type(), config.orElseThrow())) {
            Report report = Runs.once(probe, AMPLE);

            assertThat(report.toString()).doesNotContain(secret.reveal());
            assertThat(probe.target()).doesNotContain(secret.reveal());
            assertThat(probe.toString()).doesNotContain(secret.reveal());
        }
    }

    /** One run of a probe made of this configuration. */
    protected final Report run(Map<String, Object> config, Duration timeout) throws Exception {
        try (Probe probe = Sections.probe(type(), config)) {
            return Runs.once(probe, timeout);
        }
    }

    private Map<String, Object> silentOrSkip() throws Exception {
        Optional<Map<String, Object>> config = silent();
        Assumptions.assumeTrue(config.isPresent(), "runs of this type do not wait for a peer");
        return config.orElseThrow();
    }

    private List<String> metrics() {
        return Stream.concat(
                        type().facts().stream().flatMap(fact -> fact.metric().stream()),
                        type().phaseMetric().stream())
                .toList();
    }

    private static void assertBlamesTarget(Report report) {
        assertThat(report.outcome()).as(report.toString()).isIn(Outcome.FAIL, Outcome.DEGRADED);
        assertThat(report.cause().orElseThrow().causeClass()).as(report.toString()).isNotEqualTo(CauseClass.OWN_SIDE);
        assertThat(report.message()).as(report.toString()).isNotBlank().doesNotContain("\n");
    }

    private void assertDeclared(Report report) {
        assertThat(report.facts().keySet())
                .allMatch(fact -> type().facts().stream().anyMatch(spec -> spec.covers(fact)), "declared");
        if (!type().phases().contains("*")) {
            assertThat(type().phases()).containsAll(report.phases().keySet());
        }
        assertThat(report.phases().values()).noneMatch(Duration::isNegative);
        var result = new Result(
                new Series("p", "", "here"), type().name(), "target", Instant.now(Clock.systemUTC()), Duration.ZERO, report);
        assertThat(ResultJson.fromBytes(ResultJson.toBytes(result)).report().facts())
                .as("as JSON and back")
                .isEqualTo(report.facts());
    }
}
