package dev.gatewatch.probes.reachability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Blackhole;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachabilityProbeTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final String REFUSED = ": nothing listens on the port";

    private final List<Closeable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        for (Closeable one : open) {
            one.close();
        }
    }

    @Override
    protected ProbeType type() {
        return new ReachabilityProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws Exception {
        return Map.of(
                "must_connect",
                List.of(listening(), Map.of("name", "payments", "to", listening())),
                "must_not_connect",
                List.of(closed(), Map.of("name", "vault", "to", closed(), "how", "refused")));
    }

    @Override
    protected Map<String, Object> failing() throws Exception {
        return Map.of("must_not_connect", listening());
    }

    @Override
    protected Map<String, Object> unreachable() throws Exception {
        return Map.of("must_connect", closed());
    }

    @Override
    protected Optional<Map<String, Object>> silent() throws Exception {
        return Optional.of(Map.of("must_connect", dropping()));
    }

    @Test
    void everyPathHasItsStateAndLatency() throws Exception {
        String silent = dropping();

        Report report = run(
                Map.of(
                        "must_connect",
                        List.of(Map.of("name", "payments", "to", listening())),
                        "must_not_connect",
                        List.of(Map.of("name", "vault", "to", closed()), Map.of("name", "db", "to", silent, "how", "dropped")),
                        "wait",
                        "50ms"),
                AMPLE);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts())
                .containsEntry("state.payments", Fact.of("open"))
                .containsEntry("open.payments", Fact.of(true))
                .containsKey("connect_seconds.payments")
                .containsEntry("state.vault", Fact.of("refused"))
                .containsEntry("open.vault", Fact.of(false))
                .doesNotContainKey("connect_seconds.vault")
                .containsEntry("state.db", Fact.of("dropped"))
                .containsEntry("paths", Fact.of(3.0))
                .containsEntry("unexpectedly_open", Fact.of(0.0));
        assertThat(report.evidence()).isEmpty();
    }

    @Test
    void everyConnectionThatMustNotSucceedIsNamed() throws Exception {
        String one = listening();
        String other = listening();

        Report report = run(
                Map.of(
                        "must_connect",
                        closed(),
                        "must_not_connect",
                        List.of(Map.of("name", "vault", "to", one), other, closed())),
                AMPLE);

        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.cause()).contains(Cause.UNEXPECTEDLY_OPEN);
        assertThat(report.message())
                .isEqualTo("2 connections succeed that must not: vault (" + one + "), " + other);
        assertThat(report.facts()).containsEntry("unexpectedly_open", Fact.of(2.0));
        assertThat(report.evidence().getFirst().text()).as("the other failure is kept").startsWith("connect_refused: ");
    }

    @Test
    void refusedAndDroppedAreToldApartAndAllThatFailAreNamed() throws Exception {
        String refused = closed();
        String silent = dropping();

        Report report = run(
                Map.of(
                        "must_connect",
                        List.of(listening(), Map.of("name", "db", "to", silent), Map.of("name", "pay", "to", refused)),
                        "wait",
                        "50ms"),
                AMPLE);

        assertThat(report.cause()).contains(Cause.CONNECT_REFUSED);
        assertThat(report.message())
                .isEqualTo("2 of 3 paths that must connect do not: pay: " + refused + " refused the connection" + REFUSED
                        + "; also db (" + silent + ") dropped");
        assertThat(report.evidence().getFirst().text())
                .contains("must connect      db (" + silent + "): dropped: ")
                .contains("must connect      pay (" + refused + "): refused: ");
    }

    @Test
    void aPathThatNothingAnswersIsConnectTimeout() throws Exception {
        String silent = dropping();

        Report report = run(Map.of("must_connect", silent, "wait", "50ms"), AMPLE);

        assertThat(report.cause()).contains(Cause.CONNECT_TIMEOUT);
        assertThat(report.message()).startsWith("1 of 1 paths that must connect does not: " + silent + " did not answer");
    }

    @Test
    void anAddressWithoutARouteIsConnectUnreachable() throws Exception {
        // never leaves this machine: a multicast group is no peer of a TCP connection, and the system says so
        Report report = run(Map.of("must_connect", "224.0.0.1:9"), AMPLE);

        assertThat(report.cause()).as(report.toString()).contains(Cause.CONNECT_UNREACHABLE);
        assertThat(report.message()).endsWith("there is no route to 224.0.0.1:9");
        assertThat(report.facts()).containsEntry("state.224.0.0.1:9", Fact.of("unreachable"));
    }

    @ParameterizedTest
    @CsvSource({
        "refused, dropped, CONNECT_TIMEOUT",
        "dropped, refused, CONNECT_REFUSED",
        "refused, refused, ",
        "dropped, dropped, ",
        "any, refused, ",
        "any, dropped, ",
    })
    void howAPathMustNotConnectIsHeldTo(String how, String is, Cause cause) throws Exception {
        String to = is.equals("dropped") ? dropping() : closed();

        Report report = run(
                Map.of("must_not_connect", Map.of("name", "vault", "to", to, "how", how), "wait", "50ms"), AMPLE);

        assertThat(report.cause()).isEqualTo(Optional.ofNullable(cause));
        assertThat(report.message())
                .isEqualTo(
                        cause == null
                                ? ""
                                : "vault (" + to + ") does not connect, as it should be, but is " + is + ", not " + how);
    }

    @Test
    void allAddressesBehindANameAreTried() throws Exception {
        int port = portOf(listening());
        Resolver two = named("127.0.0.1", "127.0.0.2");

        Report all = run(two, Map.of("must_connect", "pay.example:" + port));
        Report any = run(two, Map.of("must_connect", "pay.example:" + port, "addresses", "any"));
        Report none = run(two, Map.of("must_not_connect", "pay.example:" + port));

        assertThat(all.cause()).contains(Cause.CONNECT_REFUSED);
        assertThat(all.message()).contains("127.0.0.2:" + port + " refused");
        assertThat(any.outcome()).isEqualTo(Outcome.PASS);
        assertThat(none.cause()).contains(Cause.UNEXPECTEDLY_OPEN);
    }

    @Test
    void aNameThatDoesNotResolveSaysNothingOfThePath() throws Exception {
        Report must = run(named(), Map.of("must_connect", "gone.example:443"));
        Report mustNot = run(named(), Map.of("must_not_connect", "gone.example:443"));

        assertThat(must.cause()).contains(Cause.DNS_NO_ADDRESS);
        assertThat(mustNot.cause()).contains(Cause.DNS_NO_ADDRESS);
        assertThat(mustNot.message()).contains("must not connect, which cannot be tested");
        assertThat(mustNot.facts()).containsEntry("state.gone.example:443", Fact.of("unresolved"));
    }

    @Test
    void aForbiddenTargetIsOurOwnSideAndNothingIsSent() throws Exception {
        Report report = run(Map.of("must_not_connect", List.of("169.254.169.254:80", closed())), AMPLE);

        assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
        assertThat(report.cause()).contains(Cause.TARGET_FORBIDDEN);
        assertThat(report.facts())
                .containsEntry("state.169.254.169.254:80", Fact.of("unknown"))
                .doesNotContainKey("open.169.254.169.254:80");
    }

    @Test
    void whatIsOpenAndMustNotBeIsNotHiddenByWhatWeMayNotTry() throws Exception {
        String open = listening();

        Report report = run(Map.of("must_not_connect", List.of("169.254.169.254:80", open)), AMPLE);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.FAIL);
        assertThat(report.cause()).contains(Cause.UNEXPECTEDLY_OPEN);
        assertThat(report.evidence().stream().map(Object::toString)).anyMatch(e -> e.contains("target_forbidden"));
    }

    @Test
    void aSlowPathIsDegraded() {
        Path path = new Path("pay", new HostPort("pay.example", 1), new Path.Open(Optional.of(Duration.ofMillis(5))));
        var report = Report.builder();

        Judgement.tell(List.of(new Finding(path, List.of(Duration.ofMillis(7)), List.of(), true)), report);

        assertThat(report.build().cause()).contains(Cause.LATENCY_HIGH);
        assertThat(report.build().message()).isEqualTo("pay (pay.example:1) took 7ms, more than 5ms");
    }

    @Test
    void manyPathsShareTheTimeThatThereIs() throws Exception {
        String silent = dropping();
        int port = portOf(silent);
        List<Map<String, String>> many = IntStream.range(0, 40)
                .mapToObj(i -> Map.of("name", "db" + i, "to", "127.0.0.1:" + port))
                .toList();
        long start = System.nanoTime();

        Report report = run(Map.of("must_not_connect", many, "at_once", 10), Duration.ofMillis(800));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_300));
    }

    @Test
    void aBlockWithPortsStandsForAllItsPaths() throws Exception {
        int port = portOf(listening());

        Report report = run(Map.of("must_not_connect", Map.of("name", "pods", "to", "127.0.0.0/30:" + port)), AMPLE);

        assertThat(report.cause()).contains(Cause.UNEXPECTEDLY_OPEN);
        assertThat(report.message())
                .isEqualTo("a connection succeeds that must not: pods/127.0.0.1:" + port + " (127.0.0.1:" + port + ")");
        assertThat(report.facts()).containsKeys("open.pods/127.0.0.2:" + port, "open.pods/127.0.0.3:" + port);
    }

    @Test
    void aWrongConfigurationIsSaidSo() {
        assertProblem(Map.of(), "has to name a target, or there is nothing to try");
        assertProblem(Map.of("must_connect", "a"), "must_connect: expected host:port, where the host may be a CIDR block");
        assertProblem(Map.of("must_connect", List.of("a:1", "a:1")), "the path a:1 stands twice");
        assertProblem(Map.of("must_connect", "a:1", "must_not_connect", "a:1"), "the path a:1 stands twice");
        assertProblem(
                Map.of("must_connect", "10.0.0.0/24:1", "must_not_connect", "b:1"), "stand for 257 paths, more than 256");
        assertProblem(Map.of("must_connect", Map.of("to", "a:1", "how", "any")), "unknown key \"how\"");
    }

    private void assertProblem(Map<String, Object> config, String part) {
        assertThat(Sections.problems(type(), config)).singleElement().asString().contains(part);
    }

    private Report run(Resolver resolver, Map<String, Object> config) throws Exception {
        var probe = (ReachabilityProbe) Sections.read(SectionType.of("test", type().keys(), type()::create), config);
        var connector = new Connector(resolver, TargetPolicy.STANDARD, IpFamily.ANY);
        return Runs.once(
                new ReachabilityProbe(connector, probe.paths(), probe.patience(), probe.atOnce(), probe.every()), AMPLE);
    }

    private static Resolver named(String... addresses) {
        return new Resolver() {
            @Override
            public Resolved resolve(String host, Deadline deadline) {
                return new Resolved(
                        List.of(addresses).stream().map(InetAddress::ofLiteral).toList(), Duration.ZERO);
            }
        };
    }

    private String listening() throws IOException {
        var server = LocalServer.silent();
        open.add(server);
        return server.address();
    }

    private String dropping() throws IOException {
        var hole = new Blackhole();
        open.add(hole);
        return "127.0.0.1:" + hole.port();
    }

    private static String closed() throws IOException {
        return "127.0.0.1:" + LocalServer.closedPort();
    }

    private static int portOf(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }
}
