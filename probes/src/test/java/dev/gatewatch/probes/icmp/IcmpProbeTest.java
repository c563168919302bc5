package dev.gatewatch.probes.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.nativenet.SocketError;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of replies, with a network in the test's hands; {@link NativeEchoTest} has real ones. */
class IcmpProbeTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(10);

    @Override
    protected ProbeType type() {
        return new IcmpProbeType(new FakeNetwork(FakeNetwork::reply));
    }

    @Override
    protected Map<String, Object> passing() {
        return Map.of("target", "192.0.2.1", "gap", "1ms");
    }

    @Override
    protected Map<String, Object> failing() {
        return Map.of("target", "192.0.2.2", "gap", "1ms", "wait", "10ms");
    }

    @Override
    protected Map<String, Object> unreachable() {
        return Map.of("target", "192.0.2.99");
    }

    @Override
    protected Optional<Map<String, Object>> silent() {
        return Optional.of(Map.of("target", "192.0.2.2"));
    }

    @Test
    void ofFivePacketsTwoDroppedLeaveRoundTripsFromThree() throws Exception {
        Report report = probe(
                sequence -> sequence == 1 || sequence == 4 ? Optional.empty() : after(sequence, 10 * (sequence + 1)),
                Map.of("gap", "1ms", "wait", "150ms"));

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.cause()).contains(Cause.PACKET_LOSS);
        assertThat(report.message()).isEqualTo("2 of 5 packets to 192.0.2.1 lost (40.0 %, more than 0.0 %)");
        assertThat(report.facts())
                .containsEntry("packets_sent", Fact.of(5))
                .containsEntry("packets_received", Fact.of(3))
                .containsEntry("loss", Fact.of(0.4))
                .containsEntry("hop_limit", Fact.of(57));
        // 10, 30 and 40 ms, and as long as it takes to read a clock
        assertThat(millis(report, "rtt_min")).isBetween(10.0, 15.0);
        assertThat(millis(report, "rtt_avg")).isBetween(26.6, 31.0);
        assertThat(millis(report, "rtt_max")).isBetween(40.0, 45.0);
        assertThat(millis(report, "rtt_stddev")).isBetween(10.0, 16.0);
        assertThat(millis(report, "jitter")).isBetween(13.0, 18.0);
        assertThat(report.evidence().getFirst().text()).contains("2: no reply").contains("5: no reply").startsWith("1: 10.");
    }

    private static Optional<Echo> after(int sequence, int millis) {
        return Optional.of(new Echo.Reply(sequence, System.nanoTime() + millis * 1_000_000L, OptionalInt.of(57)));
    }

    private static double millis(Report report, String fact) {
        return ((Fact.Quantity) report.facts().get(fact)).number() * 1e3;
    }

    @ParameterizedTest
    @CsvSource({
        // lost of ten, max_loss, degraded_loss, what follows
        "0, 50%, 0%, PASS",
        "1, 50%, 0%, DEGRADED",
        "1, 50%, 10%, PASS",
        "2, 50%, 10%, DEGRADED",
        "5, 50%, 0%, DEGRADED",
        "6, 50%, 0%, FAIL",
        "1, 0%, , FAIL",
        "9, 100%, 100%, PASS",
        "10, 100%, 100%, FAIL"
    })
    void lossIsJudgedByItsBounds(int lost, String most, String degraded, Outcome outcome) throws Exception {
        var expect = new HashMap<String, Object>(Map.of("max_loss", most));
        if (degraded != null) {
            expect.put("degraded_loss", degraded);
        }

        Report report = probe(
                sequence -> sequence < lost ? Optional.empty() : FakeNetwork.reply(sequence),
                Map.of("count", 10, "gap", "1ms", "wait", "5ms", "expect", expect));

        assertThat(report.outcome()).isEqualTo(outcome);
        assertThat(report.cause()).isEqualTo(outcome == Outcome.PASS ? Optional.empty() : Optional.of(Cause.PACKET_LOSS));
    }

    @Test
    void longRoundTripsAndJitterAreLatency() throws Exception {
        Report slow = probe(s -> after(s, 20), Map.of("gap", "1ms", "expect", Map.of("max_rtt", "10ms")));
        Report uneven = probe(s -> after(s, s % 2 * 20), Map.of("gap", "1ms", "expect", Map.of("max_jitter", "10ms")));

        assertThat(slow.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(slow.cause()).contains(Cause.LATENCY_HIGH);
        assertThat(slow.message()).startsWith("mean round trip to 192.0.2.1 was 2").endsWith(", more than 10ms");
        assertThat(uneven.cause()).contains(Cause.LATENCY_HIGH);
        assertThat(uneven.message()).startsWith("jitter of the way to 192.0.2.1 was ");
    }

    @ParameterizedTest
    @CsvSource({
        // ICMP type and code, from, ttl, cause, words
        "UNREACHABLE, 3, 0, 192.0.2.7, 64, ROUTE_BROKEN, 192.0.2.7 has no route to the network",
        "UNREACHABLE, 3, 1, 192.0.2.7, 64, ROUTE_BROKEN, 192.0.2.7 cannot reach the host",
        "UNREACHABLE, 3, 1, 127.0.0.1, 64, CONNECT_UNREACHABLE, 127.0.0.1 cannot reach the host",
        "PROHIBITED, 3, 13, 192.0.2.7, 64, CONNECT_UNREACHABLE, 192.0.2.7 forbids the packet (a filter)",
        "EXPIRED, 11, 0, 192.0.2.7, 64, ROUTE_BROKEN, '192.0.2.7 dropped the packet, whose hops were used up'",
        "EXPIRED, 11, 0, 192.0.2.7, 5, PACKET_LOSS, '192.0.2.7 dropped the packet, whose hops were used up'",
        "TOO_BIG, 3, 4, 192.0.2.7, 64, PACKET_LOSS, '192.0.2.7 cannot pass on the packet, which is larger than the next link''s MTU of 1400'"
    })
    void whatRoutersAnswerIsTheCause(
            SocketError.Answer answer, int type, int code, String from, int ttl, Cause cause, String words) throws Exception {
        var error = new SocketError(
                113, answer, type, code, 1_400, Optional.of(InetAddress.ofLiteral(from)), new byte[0], System.nanoTime());

        Report report = probe(s -> Optional.of(new Echo.Refused(s, error)), Map.of("gap", "1ms", "ttl", ttl));

        assertThat(report.cause()).contains(cause);
        assertThat(report.message()).isEqualTo("none of 5 packets to 192.0.2.1 was answered: " + words);
    }

    @Test
    void aDeadlineThatComesBeforeAllPacketsWereSentIsSaid() throws Exception {
        try (Probe probe = Sections.probe(type(), Map.of("target", "192.0.2.1", "count", 100, "gap", "50ms"))) {
            Report report = Runs.once(probe, Duration.ofMillis(120));

            assertThat(report.outcome()).isEqualTo(Outcome.PASS);
            assertThat(report.evidence()).anySatisfy(e -> assertThat(e.text()).endsWith("of 100 packets: raise timeout, or lower count or gap"));
        }
    }

    @Test
    void aForbiddenAddressGetsNoPacket() throws Exception {
        var network = new FakeNetwork(FakeNetwork::reply);
        try (Probe probe = Sections.probe(new IcmpProbeType(network), Map.of("target", "169.254.169.254"))) {
            Report report = Runs.once(probe, AMPLE);

            assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
            assertThat(report.cause()).contains(Cause.TARGET_FORBIDDEN);
            assertThat(network.sent).isEmpty();
        }
    }

    @Test
    void aFamilyThatTheTargetHasNotIsSaid() throws Exception {
        Report report = probe(FakeNetwork::reply, Map.of("ip_family", "ip6"));

        assertThat(report.cause()).contains(Cause.DNS_NO_ADDRESS);
        assertThat(report.message()).isEqualTo("192.0.2.1 has no IPv6 address");
    }

    @Test
    void onAnotherSystemAComponentIsMissing() throws Exception {
        var type = new IcmpProbeType(new NativeEchoSockets(Optional.of("needs Linux; this is Plan 9")));
        try (Probe probe = Sections.probe(type, Map.of("target", "127.0.0.1"))) {
            Report report = Runs.once(probe, AMPLE);

            assertThat(report.outcome()).isEqualTo(Outcome.BROKEN);
            assertThat(report.cause()).contains(Cause.MISSING_COMPONENT);
            assertThat(report.message()).isEqualTo("icmp needs Linux; this is Plan 9");
        }
    }

    @Test
    void theCommandLinesFormIsTheTarget() {
        assertThat(type().adHoc("icmp:pay.example")).contains(Map.of("target", "pay.example"));
        assertThat(type().adHoc("tcp:pay.example:443")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"pay.example", "127.0.0.1", "::1", "2001:db8::1", "localhost", "::"})
    void aHostIsANameOrAnAddress(String host) {
        assertThat(Sections.problems(type(), Map.of("target", host))).isEmpty();
    }

    @Test
    void aWrongConfigurationIsSaidSo() {
        assertProblem(Map.of("target", "https://pay.example/"), "target: expected a host name or an address");
        assertProblem(Map.of("target", "192.0.2.10:443"), "target: expected a host name or an address");
        assertProblem(Map.of("target", "a", "count", 0), "count: expected a whole number from 1 to 1000");
        assertProblem(Map.of("target", "a", "size", 70_000), "size: expected a whole number from 0 to 65507");
        assertProblem(Map.of("target", "a", "source_address", "eth0"), "source_address: expected an address of this machine");
        assertProblem(
                Map.of("target", "a", "expect", Map.of("max_loss", "10%", "degraded_loss", "20%")),
                "expect.degraded_loss: larger than max_loss, above which the run fails already");
    }

    private void assertProblem(Map<String, Object> config, String part) {
        assertThat(Sections.problems(type(), config)).singleElement().asString().contains(part);
    }

    private static Report probe(IntFunction<Optional<Echo>> answers, Map<String, Object> config) throws Exception {
        var all = new HashMap<String, Object>(Map.of("target", "192.0.2.1"));
        all.putAll(config);
        try (Probe probe = Sections.probe(new IcmpProbeType(new FakeNetwork(answers)), all)) {
            return Runs.once(probe, AMPLE);
        }
    }
}
