package dev.gatewatch.probes.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.kit.Components;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.nativenet.Namespace;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths through real routers, in networks of the test's own: here, two routers, and a target behind them. */
@Tag(Namespace.TAG)
class PathTracerTest {
    /** Threads that stay in the network of the thread that made them. */
    private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();

    private static final String TARGET = "10.9.3.4";

    private Namespace here;
    private Namespace first;
    private Namespace second;
    private Namespace target;
    private final Report.Builder report = Report.builder();

    @BeforeEach
    void layCables() throws Exception {
        here = Namespace.open();
        first = Namespace.open();
        second = Namespace.open();
        target = Namespace.open();
        here.connect(first, "u", "10.9.1.1/24", "10.9.1.2/24");
        first.connect(second, "v", "10.9.2.2/24", "10.9.2.3/24");
        second.connect(target, "w", "10.9.3.3/24", "10.9.3.4/24");
        here.ip("route add default via 10.9.1.2");
        first.ip("route add 10.9.3.0/24 via 10.9.2.3");
        second.ip("route add 10.9.1.0/24 via 10.9.2.2");
        target.ip("route add default via 10.9.3.3");
        for (Namespace router : List.of(first, second)) {
            router.set("net.ipv4.ip_forward", "1");
            router.set("net.ipv4.icmp_ratelimit", "0");
        }
    }

    @AfterEach
    void pullCables() {
        for (Namespace net : List.of(here, first, second, target)) {
            net.close();
        }
    }

    @Test
    void aWholePathIsListedHopByHop() throws Exception {
        var path = path(TARGET);

        assertThat(path.complete()).isTrue();
        assertThat(path.broken()).isEmpty();
        assertThat(path.lastAnswer()).contains("hop 3 (10.9.3.4)");
        assertThat(path.listing().replaceAll(" [0-9.]+ ms", " T ms"))
                .isEqualTo(
                        """
                        1 10.9.1.2 T ms
                        2 10.9.2.3 T ms
                        3 10.9.3.4 T ms (the target)
                        last that answered: hop 3 (10.9.3.4)""");
    }

    @Test
    void withUdpTheSamePathIsFound() throws Exception {
        List<Hop> hops = here.inside(() -> List.of(
                HopProbe.udp(at(TARGET), 1, Duration.ofSeconds(1)),
                HopProbe.udp(at(TARGET), 2, Duration.ofSeconds(1)),
                HopProbe.udp(at(TARGET), 3, Duration.ofSeconds(1))));

        assertThat(hops.stream().map(hop -> hop.answer() + " " + hop.who()))
                .containsExactly("PASSED 10.9.1.2", "PASSED 10.9.2.3", "REACHED 10.9.3.4");
    }

    @ParameterizedTest
    @CsvSource({"unreachable, cannot reach the host", "prohibit, forbids the packet (a filter)"})
    void aRouterThatTurnsPacketsAwayIsNamed(String route, String words) throws Exception {
        second.ip("route add " + route + " 10.9.3.4/32");

        connect(Duration.ofSeconds(5));

        Report told = report.build();
        assertThat(told.outcome()).isEqualTo(Outcome.FAIL);
        if (route.equals("unreachable")) {
            assertThat(told.cause()).contains(Cause.ROUTE_BROKEN);
            assertThat(told.message())
                    .isEqualTo("the route to 10.9.3.4:443 is broken: hop 2 (10.9.2.3) cannot reach the host");
        } else {
            assertThat(told.cause()).contains(Cause.CONNECT_UNREACHABLE);
            assertThat(told.message())
                    .isEqualTo("there is no route to 10.9.3.4:443; the last on the path that answered is hop 2 (10.9.2.3)");
        }
        assertThat(evidence(told).text()).contains("2 10.9.2.3 ").contains(words);
    }

    @Test
    void aRouterWithoutARouteIsNamed() throws Exception {
        first.ip("route del 10.9.3.0/24");

        connect(Duration.ofSeconds(5));

        Report told = report.build();
        assertThat(told.cause()).contains(Cause.ROUTE_BROKEN);
        assertThat(told.message())
                .isEqualTo("the route to 10.9.3.4:443 is broken: hop 1 (10.9.1.2) has no route to the network");
    }

    @Test
    void packetsThatGoInCirclesAreABrokenRoute() throws Exception {
        second.ip("route add 10.9.3.4/32 via 10.9.2.2");

        connect(Duration.ofSeconds(5));

        Report told = report.build();
        assertThat(told.cause()).contains(Cause.ROUTE_BROKEN);
        assertThat(told.message()).contains("packets go in circles through hop ");
    }

    @Test
    void whereThePathFallsSilentTheLastAnswerIsKeptAndTheCauseStays() throws Exception {
        second.ip("route add blackhole 10.9.3.4/32");

        connect(Duration.ofMillis(1_500));

        Report told = report.build();
        assertThat(told.cause()).contains(Cause.CONNECT_TIMEOUT);
        assertThat(told.message()).endsWith("; the last on the path that answered is hop 1 (10.9.1.2)");
        assertThat(evidence(told).title()).isEqualTo("path to 10.9.3.4");
        assertThat(evidence(told).text()).contains("1 10.9.1.2 ").contains("last that answered: hop 1 (10.9.1.2)");
    }

    @Test
    void aTargetIsTracedOnceAMinuteAndTheLastTraceIsShownMeanwhile() throws Exception {
        second.ip("route add unreachable 10.9.3.4/32");
        connect(Duration.ofSeconds(5));
        second.ip("route del unreachable 10.9.3.4/32");
        second.ip("route add blackhole 10.9.3.4/32");
        var again = Report.builder();

        here.inside(() -> connector.connect(new HostPort(TARGET, 443), Deadline.after(Duration.ofMillis(300)), again));

        assertThat(again.build().cause()).contains(Cause.ROUTE_BROKEN);
        assertThat(evidence(again.build())).isEqualTo(evidence(report.build()));
    }

    @Test
    void aHostThatRefusesIsNotTraced() throws Exception {
        connect(Duration.ofSeconds(5));

        Report told = report.build();
        assertThat(told.cause()).contains(Cause.CONNECT_REFUSED);
        assertThat(told.evidence()).isEmpty();
    }

    @Test
    void aConnectionThatIsMadeIsNotTraced() throws Exception {
        var server = target.inside(() -> new ServerSocket(443));

        assertThat(connect(Duration.ofSeconds(5))).isPresent();

        assertThat(report.build().evidence()).isEmpty();
        server.close();
    }

    @Test
    void thePathOfIpv6IsTracedToo() throws Exception {
        here.ip("addr add fd09:1::1/64 dev ua nodad");
        first.ip("addr add fd09:1::2/64 dev ub nodad");
        here.ip("-6 route add default via fd09:1::2");
        first.set("net.ipv6.conf.all.forwarding", "1");
        first.set("net.ipv6.icmp.ratelimit", "0");
        first.ip("-6 route add unreachable default metric 10");

        here.inside(() -> connector().connect(new HostPort("fd09:3::4", 443), Deadline.after(Duration.ofSeconds(5)), report));

        Report told = report.build();
        assertThat(told.cause()).as(told.toString()).contains(Cause.ROUTE_BROKEN);
        assertThat(told.message())
                .startsWith("the route to [fd09:3:0:0:0:0:0:4]:443 is broken: hop 1 (fd09:1:0:0:0:0:0:2) ");
    }

    @Test
    void theSystemsOwnProgramFindsTheSame() throws Exception {
        Path program = Components.require("traceroute");
        second.ip("route add unreachable 10.9.3.4/32");
        var tracing = new Tracing(at(TARGET));

        here.inside(() -> {
            new TracerouteProgram(Optional.of(program)).find(tracing, Duration.ofSeconds(4));
            tracing.end();
            return null;
        });

        assertThat(tracing.path().listing().replaceAll(" [0-9.]+ ms", " T ms"))
                .startsWith("1 10.9.1.2 T ms\n2 10.9.2.3 T ms cannot reach the host\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "224.0.0.1", "10.9.1.1"})
    void thisMachineAndGroupsHaveNoPath(String address) throws Exception {
        Optional<dev.gatewatch.probes.trace.Path> path = here.inside(() -> {
            try (var watch = PathTracer.system(THREADS).watch(at(address), Duration.ofSeconds(9))) {
                return watch.path(Duration.ofSeconds(2));
            }
        });

        assertThat(path).isEmpty();
    }

    private Optional<?> connect(Duration timeout) throws Exception {
        return here.inside(() -> {
            connector = connector();
            return connector.connect(new HostPort(TARGET, 443), Deadline.after(timeout), report);
        });
    }

    private Connector connector;

    private static Connector connector() {
        return new Connector(Resolver.system(), TargetPolicy.STANDARD, IpFamily.ANY, PathTracer.system(THREADS));
    }

    private static Evidence evidence(Report report) {
        return report.evidence().stream()
                .filter(e -> e.title().startsWith("path to "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(report.toString()));
    }

    private dev.gatewatch.probes.trace.Path path(String address) throws Exception {
        return here.inside(() -> {
            try (var watch = PathTracer.system(THREADS).watch(at(address), Duration.ofSeconds(9))) {
                return watch.path(Duration.ofSeconds(2)).orElseThrow();
            }
        });
    }

    private static InetSocketAddress at(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 443);
    }
}
