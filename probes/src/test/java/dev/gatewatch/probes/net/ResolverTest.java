package dev.gatewatch.probes.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ResolverTest {
    private static final Deadline AMPLE = Deadline.after(Duration.ofMinutes(1));

    @Test
    void anAddressIsTakenAsItIs() throws Exception {
        var resolver = new SystemResolver(host -> {
            throw new UnknownHostException("asked for " + host);
        });

        assertThat(resolver.resolve("192.0.2.1", AMPLE).addresses()).containsExactly(InetAddress.getByName("192.0.2.1"));
        assertThat(resolver.resolve("2001:db8::1", AMPLE).addresses())
                .containsExactly(InetAddress.getByName("2001:db8::1"));
    }

    @Test
    void theSystemResolvesLocalhost() throws Exception {
        assertThat(Resolver.system().resolve("localhost", AMPLE).addresses()).allMatch(InetAddress::isLoopbackAddress);
    }

    @Test
    void theSystemsOrderIsKeptAcrossFamilies() throws Exception {
        InetAddress[] answer = {InetAddress.getByName("2001:db8::2"), InetAddress.getByName("192.0.2.1")};

        assertThat(new SystemResolver(_ -> answer).resolve("pay.example", AMPLE).addresses())
                .containsExactly(answer);
    }

    @Test
    void aReservedNameDoesNotExist() {
        var resolver = new SystemResolver(host -> {
            throw new UnknownHostException(host + ": Name or service not known");
        });

        assertThatThrownBy(() -> resolver.resolve("gone.invalid", AMPLE))
                .isInstanceOfSatisfying(
                        UnresolvedException.class,
                        e -> assertThat(e.failure()).isEqualTo(new Failure(
                                Cause.DNS_NXDOMAIN, "the name gone.invalid does not exist")));
    }

    @Test
    void aHangingLookupIsAbandonedAtTheDeadline() {
        var never = new CountDownLatch(1);
        var resolver = new SystemResolver(_ -> hang(never));

        assertThatThrownBy(() -> resolver.resolve("pay.example", Deadline.after(Duration.ofMillis(30))))
                .isInstanceOfSatisfying(
                        UnresolvedException.class,
                        e -> assertThat(e.failure().cause()).isEqualTo(Cause.DNS_TIMEOUT));
    }

    @Test
    void anInterruptEndsAHangingLookup() {
        var never = new CountDownLatch(1);
        var resolver = new SystemResolver(_ -> hang(never));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> resolver.resolve("pay.example", AMPLE)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    /** As the system's resolver hangs: whatever interrupt comes. */
    private static InetAddress[] hang(CountDownLatch never) {
        while (true) {
            try {
                never.await();
            } catch (InterruptedException _) {
                // goes on hanging
            }
        }
    }
}
