package dev.gatewatch.probes.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.nativenet.EchoResponder;
import dev.gatewatch.probes.nativenet.Family;
import dev.gatewatch.probes.nativenet.Namespace;
import dev.gatewatch.probes.nativenet.NativeException;
import dev.gatewatch.probes.nativenet.NativeNet;
import dev.gatewatch.probes.nativenet.NativeSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Real packets in networks of the test's own. */
@Tag(Namespace.TAG)
class NativeEchoTest {
    private static final Duration AMPLE = Duration.ofSeconds(10);
    private static final String EVERYBODY = "0 2147483647";

    @ParameterizedTest
    @CsvSource({"127.0.0.1, datagram", "127.0.0.1, raw", "::1, datagram", "::1, raw"})
    void thisMachineAnswersAllPackets(String target, String socket) throws Exception {
        try (var net = Namespace.open()) {
            if (socket.equals("datagram")) {
                net.set("net.ipv4.ping_group_range", EVERYBODY);
            }
            Report report = net.inside(() -> {
                String kind = kindOfSocket(target);
                assertThat(kind).isEqualTo(socket);
                return probe(Map.of("target", target, "gap", "1ms"));
            });

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(report.phases()).containsOnlyKeys("resolve", "setup", "rtt");
            assertThat(report.facts())
                    .containsEntry("packets_sent", Fact.of(5))
                    .containsEntry("packets_received", Fact.of(5))
                    .containsEntry("packets_duplicate", Fact.of(0))
                    .containsEntry("loss", Fact.of(0))
                    .containsEntry("hop_limit", Fact.of(64));
            // the kernel's clock and ours are read one after the other, so on this machine a round trip may come out as nothing
            assertThat(number(report, "rtt_min")).isNotNegative().isLessThanOrEqualTo(number(report, "rtt_avg"));
            assertThat(number(report, "rtt_max")).isGreaterThanOrEqualTo(number(report, "rtt_avg"));
        }
    }

    private static String kindOfSocket(String target) throws NativeException {
        try (var _ = NativeSocket.open(NativeSocket.Kind.ICMP_DATAGRAM, target.contains(":") ? Family.IP6 : Family.IP4)) {
            return "datagram";
        } catch (NativeException _) {
            return "raw";
        }
    }

    @ParameterizedTest
    @CsvSource({"datagram", "raw"})
    void severalRunsAtOnceDoNotTakeEachOthersReplies(String socket) throws Exception {
        try (var net = Namespace.open()) {
            if (socket.equals("datagram")) {
                net.set("net.ipv4.ping_group_range", EVERYBODY);
            }
            List<Report> reports = net.inside(() -> {
                var done = new ArrayList<Report>();
                var threads = new ArrayList<Thread>();
                for (int i = 0; i < 10; i++) {
                    threads.add(Thread.ofPlatform().start(() -> {
                        Report report = probe(Map.of("target", "127.0.0.1", "gap", "1ms", "count", 50, "size", 3));
                        synchronized (done) {
                            done.add(report);
                        }
                    }));
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                return done;
            });

            assertThat(reports).hasSize(10).allSatisfy(report -> assertThat(report.facts())
                    .containsEntry("packets_received", Fact.of(50))
                    .containsEntry("packets_duplicate", Fact.of(0))
                    .containsEntry("packets_damaged", Fact.of(0)));
        }
    }

    @Test
    void aHostThatAnswersNothingLosesAllPackets() throws Exception {
        try (var net = Namespace.open()) {
            net.set("net.ipv4.icmp_echo_ignore_all", "1");

            Report report = net.inside(() -> probe(Map.of("target", "127.0.0.1", "gap", "1ms", "wait", "20ms")));

            assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
            assertThat(report.cause()).contains(Cause.PACKET_LOSS);
            assertThat(report.message()).isEqualTo("127.0.0.1 answered none of 5 packets");
            assertThat(report.facts()).containsEntry("loss", Fact.of(1)).doesNotContainKey("rtt_avg");
        }
    }

    /** A host that drops the second and fourth packet, between two real kernels' ends of a cable. */
    @Test
    void ofFivePacketsTwoDroppedAreALossOfFortyPercent() throws Exception {
        try (var here = Namespace.open();
                var there = Namespace.open()) {
            here.connect(there, "w", "10.9.1.1/24", "10.9.1.2/24");
            there.set("net.ipv4.icmp_echo_ignore_all", "1");
            Report report;
            try (var _ = responder(there, sequence -> sequence == 1 || sequence == 3 ? List.of() : List.of(0))) {
                report = here.inside(() -> probe(Map.of("target", "10.9.1.2", "gap", "5ms", "wait", "1s")));
            }

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.DEGRADED);
            assertThat(report.cause()).contains(Cause.PACKET_LOSS);
            assertThat(report.message()).isEqualTo("2 of 5 packets to 10.9.1.2 lost (40.0 %, more than 0.0 %)");
            assertThat(report.facts())
                    .containsEntry("loss", Fact.of(0.4))
                    .containsEntry("packets_received", Fact.of(3))
                    .containsKeys("rtt_min", "rtt_avg", "rtt_max", "jitter");
        }
    }

    @ParameterizedTest
    @CsvSource({"datagram", "raw"})
    void aDamagedReplyIsNoReplyAndASecondOneIsCounted(String socket) throws Exception {
        try (var here = Namespace.open();
                var there = Namespace.open()) {
            if (socket.equals("datagram")) {
                here.set("net.ipv4.ping_group_range", EVERYBODY);
            }
            here.connect(there, "w", "10.9.1.1/24", "10.9.1.2/24");
            there.set("net.ipv4.icmp_echo_ignore_all", "1");
            Report report;
            try (var _ = responder(there, sequence -> sequence == 0 ? List.of(1) : sequence == 1 ? List.of(0, 0) : List.of(0))) {
                report = here.inside(() ->
                        probe(Map.of("target", "10.9.1.2", "gap", "30ms", "wait", "1s", "count", 3, "size", 20)));
            }

            assertThat(report.cause()).contains(Cause.PACKET_LOSS);
            assertThat(report.facts())
                    .containsEntry("packets_received", Fact.of(2))
                    .containsEntry("packets_damaged", Fact.of(1))
                    .containsEntry("packets_duplicate", Fact.of(1));
        }
    }

    @ParameterizedTest
    @CsvSource({"datagram", "raw"})
    void aRouterThatHasNoRouteIsNamed(String socket) throws Exception {
        try (var here = Namespace.open();
                var router = Namespace.open()) {
            if (socket.equals("datagram")) {
                here.set("net.ipv4.ping_group_range", EVERYBODY);
            }
            here.connect(router, "w", "10.9.1.1/24", "10.9.1.2/24");
            here.ip("route add default via 10.9.1.2");
            router.set("net.ipv4.ip_forward", "1");
            router.set("net.ipv4.icmp_ratelimit", "0");

            Report report = here.inside(() -> probe(Map.of("target", "10.9.3.3", "gap", "1ms")));

            assertThat(report.cause()).contains(Cause.ROUTE_BROKEN);
            assertThat(report.message())
                    .isEqualTo("none of 5 packets to 10.9.3.3 was answered: 10.9.1.2 has no route to the network");
            assertThat(report.evidence().getFirst().text()).startsWith("1: 10.9.1.2 has no route to the network");
        }
    }

    @Test
    void aRouterWhereAPacketsHopsEndIsNamed() throws Exception {
        try (var here = Namespace.open();
                var router = Namespace.open();
                var there = Namespace.open()) {
            chain(here, router, there);

            Report one = here.inside(() -> probe(Map.of("target", "10.9.2.3", "gap", "1ms", "ttl", 1)));
            Report two = here.inside(() -> probe(Map.of("target", "10.9.2.3", "gap", "1ms", "ttl", 2)));

            assertThat(one.cause()).contains(Cause.PACKET_LOSS);
            assertThat(one.message()).endsWith("10.9.1.2 dropped the packet, whose hops were used up");
            assertThat(two.outcome()).as(two.toString()).isEqualTo(Outcome.PASS);
            assertThat(two.facts()).containsEntry("hop_limit", Fact.of(63));
        }
    }

    @Test
    void aPacketTooBigForALinkIsSaidSoWhereItMustNotBeCut() throws Exception {
        try (var here = Namespace.open();
                var router = Namespace.open();
                var there = Namespace.open()) {
            chain(here, router, there);
            router.ip("link set xa mtu 1300");

            Report whole = here.inside(
                    () -> probe(Map.of("target", "10.9.2.3", "gap", "20ms", "size", 1400, "dont_fragment", true)));
            Report small = here.inside(
                    () -> probe(Map.of("target", "10.9.2.3", "gap", "1ms", "size", 1200, "dont_fragment", true)));

            assertThat(whole.cause()).as(whole.toString()).contains(Cause.PACKET_LOSS);
            assertThat(whole.message()).contains("too big");
            assertThat(small.outcome()).as(small.toString()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void withoutARouteNothingIsSent() throws Exception {
        try (var net = Namespace.open()) {
            Report report = net.inside(() -> probe(Map.of("target", "10.9.3.3")));

            assertThat(report.cause()).contains(Cause.CONNECT_UNREACHABLE);
            assertThat(report.message()).isEqualTo("there is no route to 10.9.3.3");
        }
    }

    @Test
    void theSourceAddressIsAsConfigured() throws Exception {
        try (var net = Namespace.open()) {
            Report own = net.inside(() -> probe(Map.of("target", "127.0.0.1", "gap", "1ms", "source_address", "127.0.0.9")));
            Report foreign = net.inside(() -> probe(Map.of("target", "127.0.0.1", "source_address", "10.9.9.9")));

            assertThat(own.outcome()).as(own.toString()).isEqualTo(Outcome.PASS);
            assertThat(foreign.outcome()).isEqualTo(Outcome.BROKEN);
            assertThat(foreign.cause()).contains(Cause.LOCAL_NETWORK);
            assertThat(foreign.message()).isEqualTo("this machine has no address 10.9.9.9 to reach 127.0.0.1 from");
        }
    }

    @Test
    void thePermissionThatIsMissingIsLoggedOnceForAllProbes() throws Exception {
        var log = (Logger) LoggerFactory.getLogger(NativeEchoSockets.class);
        var heard = new ListAppender<ILoggingEvent>();
        heard.start();
        log.addAppender(heard);
        try (var net = Namespace.open()) {
            net.inside(() -> probe(Map.of("target", "127.0.0.1", "gap", "1ms"))); // loads classes that nobody may not
            var type = new IcmpProbeType(new NativeEchoSockets(NativeNet.missing()));
            List<Report> reports = net.inside(() -> {
                Namespace.becomeNobody();
                return List.of(
                        probe(type, Map.of("target", "127.0.0.1")),
                        probe(type, Map.of("target", "127.0.0.1")),
                        probe(type, Map.of("target", "::1")));
            });

            assertThat(reports).allSatisfy(report -> assertThat(report.cause()).contains(Cause.NO_PERMISSION));
            assertThat(heard.list)
                    .singleElement()
                    .asString()
                    .contains("All icmp probes are broken")
                    .contains("net.ipv4.ping_group_range");
        } finally {
            log.detachAppender(heard);
        }
    }

    @Test
    void anUnprivilegedProcessIsToldHowToGetThePermission() throws Exception {
        try (var net = Namespace.open()) {
            net.inside(() -> probe(Map.of("target", "127.0.0.1", "gap", "1ms"))); // loads classes that nobody may not

            Report report = net.inside(() -> {
                Namespace.becomeNobody();
                return probe(Map.of("target", "127.0.0.1", "gap", "1ms"));
            });

            assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
            assertThat(report.cause()).contains(Cause.NO_PERMISSION);
            assertThat(report.message()).contains("net.ipv4.ping_group_range").contains("cap_net_raw");
        }
    }

    private static EchoResponder responder(Namespace there, IntFunction<List<Integer>> answers) throws Exception {
        return there.inside(() -> EchoResponder.start("10.9.1.1", answers));
    }

    private static void chain(Namespace here, Namespace router, Namespace there) throws Exception {
        here.connect(router, "w", "10.9.1.1/24", "10.9.1.2/24");
        router.connect(there, "x", "10.9.2.2/24", "10.9.2.3/24");
        here.ip("route add default via 10.9.1.2");
        there.ip("route add default via 10.9.2.2");
        router.set("net.ipv4.ip_forward", "1");
        router.set("net.ipv4.icmp_ratelimit", "0");
    }

    private static double number(Report report, String fact) {
        return ((Fact.Quantity) report.facts().get(fact)).number();
    }

    private static Report probe(Map<String, Object> config) {
        return probe(new IcmpProbeType(), config);
    }

    private static Report probe(IcmpProbeType type, Map<String, Object> config) {
        try (Probe probe = Sections.probe(type, config)) {
            return Runs.once(probe, AMPLE);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
