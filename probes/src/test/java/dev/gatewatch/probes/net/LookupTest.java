package dev.gatewatch.probes.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LookupTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final LastAddresses last = new LastAddresses(3);
    private final AtomicReference<SystemResolver.Lookup> names =
            new AtomicReference<>(_ -> new InetAddress[] {LOOPBACK});
    private final Resolver resolver = new SystemResolver(host -> names.get().addresses(host));

    @Test
    void anAddressThatAnswersWhileItsNameDoesNotIsTold() throws Exception {
        try (var server = LocalServer.silent()) {
            var target = new HostPort("pay.example", server.port());
            connect(target, TargetPolicy.STANDARD).close();
            names.set(LookupTest::gone);

            Report told = failing(target, TargetPolicy.STANDARD);

            assertThat(told.cause()).contains(Cause.DNS_NXDOMAIN);
            assertThat(told.message())
                    .isEqualTo("the name pay.example does not exist; its last known address 127.0.0.1 still takes connections"
                            + " on port " + server.port() + ", so the name is what is broken");
            assertThat(told.evidence())
                    .anySatisfy(e -> assertThat(e.title()).isEqualTo("last known address"));
            assertThat(told.facts()).containsEntry("ip_protocol", Fact.of(0));
        }
    }

    @Test
    void aHostThatIsGoneWithItsNameIsToldToo() throws Exception {
        var server = LocalServer.silent();
        var target = new HostPort("pay.example", server.port());
        connect(target, TargetPolicy.STANDARD).close();
        server.close();
        names.set(LookupTest::gone);

        assertThat(failing(target, TargetPolicy.STANDARD).message()).contains("does not take connections").contains("either");
    }

    @Test
    void aNameThatNeverResolvedSaysNothingMore() throws Exception {
        names.set(LookupTest::gone);

        assertThat(failing(new HostPort("pay.example", 443), TargetPolicy.STANDARD).message())
                .isEqualTo("the name pay.example does not exist");
    }

    @Test
    void aLookupThatHangsLeavesTimeForTheLastAddress() throws Exception {
        try (var server = LocalServer.silent()) {
            var target = new HostPort("pay.example", server.port());
            connect(target, TargetPolicy.STANDARD).close();
            var never = new CountDownLatch(1);
            names.set(_ -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return new InetAddress[0];
            });
            var deadline = Deadline.after(Duration.ofMillis(500));
            var report = Report.builder();

            assertThat(new Connector(lookup(TargetPolicy.STANDARD)).connect(target, deadline, report))
                    .isEmpty();

            assertThat(deadline.passed()).isFalse();
            assertThat(report.build().cause()).contains(Cause.DNS_TIMEOUT);
            assertThat(report.build().message()).contains("so the name is what is broken");
        }
    }

    @Test
    void aLastAddressThatMayNotBeProbedGetsNoPacket() throws Exception {
        try (var server = LocalServer.silent()) {
            var target = new HostPort("pay.example", server.port());
            connect(target, TargetPolicy.STANDARD).close();
            names.set(LookupTest::gone);

            assertThat(failing(target, TargetPolicy.of(List.of(), List.of("127.0.0.0/8"))).message())
                    .isEqualTo("the name pay.example does not exist");
        }
    }

    @Test
    void theAddressThatTookAConnectionIsTheOneTried() {
        InetAddress dead = InetAddress.ofLiteral("127.0.0.9");
        last.remember("pay.example", List.of(dead, LOOPBACK));

        last.connected("pay.example", LOOPBACK);

        assertThat(last.of("PAY.example")).containsExactly(LOOPBACK, dead);
    }

    @Test
    void onlySoManyNamesAreKeptAndTheOnesAskedForLeastGo() {
        for (String host : List.of("a", "b", "c")) {
            last.remember(host, List.of(LOOPBACK));
        }
        assertThat(last.of("a")).isNotEmpty();

        last.remember("d", List.of(LOOPBACK));

        assertThat(last.of("b")).isEmpty();
        assertThat(last.of("a")).isNotEmpty();
    }

    @Test
    void anAddressIsNoName() {
        last.remember("127.0.0.1", List.of(LOOPBACK));

        assertThat(last.of("127.0.0.1")).isEmpty();
    }

    private static InetAddress[] gone(String host) throws UnknownHostException {
        throw new UnknownHostException(host + ": Name or service not known");
    }

    private Lookup lookup(TargetPolicy policy) {
        return new Lookup(resolver, policy, IpFamily.ANY, last);
    }

    private Connection connect(HostPort target, TargetPolicy policy) throws IOException {
        return new Connector(lookup(policy))
                .connect(target, Deadline.after(Duration.ofMinutes(1)), Report.builder())
                .orElseThrow();
    }

    private Report failing(HostPort target, TargetPolicy policy) throws IOException {
        var report = Report.builder();
        assertThat(new Connector(lookup(policy)).connect(target, Deadline.after(Duration.ofSeconds(5)), report))
                .isEmpty();
        return report.build();
    }
}
