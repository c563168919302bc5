package dev.gatewatch.probes.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetFailuresTest {
    private static final Duration QUICK = Duration.ofMillis(20);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock = """
                    pay.example: Name or service not known               | 20   | DNS_NXDOMAIN
                    pay.example                                          | 20   | DNS_NXDOMAIN
                    pay.example: No address associated with hostname     | 20   | DNS_NO_ADDRESS
                    pay.example: Temporary failure in name resolution    | 20   | DNS_SERVFAIL
                    pay.example: Temporary failure in name resolution    | 5000 | DNS_TIMEOUT
                    pay.example: Non-recoverable failure in name resolution | 20 | DNS_SERVFAIL
                    """)
    void aFailedLookupHasTheResolversCause(String message, int millis, Cause cause) {
        Failure failure =
                NetFailures.resolve(new UnknownHostException(message), "pay.example", Duration.ofMillis(millis));

        assertThat(failure.cause()).isEqualTo(cause);
        assertThat(failure.message()).contains("pay.example");
    }

    @Test
    void aFailedConnectHasTheSystemsCause() throws IOException {
        assertConnect(new ConnectException("Connection refused"), Cause.CONNECT_REFUSED);
        assertConnect(new SocketTimeoutException("Connect timed out"), Cause.CONNECT_TIMEOUT);
        assertConnect(new ConnectException("Connection timed out"), Cause.CONNECT_TIMEOUT);
        assertConnect(new SocketException("Network is unreachable"), Cause.CONNECT_UNREACHABLE);
        assertConnect(new NoRouteToHostException("No route to host"), Cause.CONNECT_UNREACHABLE);
        assertConnect(new SocketException("Connection reset"), Cause.CONNECTION_RESET);
        assertConnect(new ConnectException("Cannot assign requested address"), Cause.LOCAL_NETWORK);
        assertConnect(new SocketException("Operation not permitted"), Cause.NO_PERMISSION);
        assertConnect(new SocketException("Too many open files"), Cause.INTERNAL_ERROR);
    }

    @Test
    void aCauseThatALibraryWrappedIsStillSeen() throws IOException {
        var wrapped = new ConnectException("Failed to connect to /192.0.2.1:443");
        wrapped.initCause(new ConnectException("Connection refused"));

        assertConnect(wrapped, Cause.CONNECT_REFUSED);
    }

    @Test
    void anEndedConnectionHasItsCause() {
        assertRead(new SocketTimeoutException("Read timed out"), Cause.RESPONSE_TIMEOUT);
        assertRead(new SocketException("Connection reset"), Cause.CONNECTION_RESET);
        assertRead(new SocketException("Broken pipe"), Cause.CONNECTION_RESET);
        assertRead(new EOFException(), Cause.CONNECTION_RESET);
    }

    @Test
    void anIpv6AddressIsShownInBrackets() throws IOException {
        var address = new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 443);

        assertThat(NetFailures.show(address)).isEqualTo("[2001:db8:0:0:0:0:0:1]:443");
    }

    private static void assertConnect(IOException e, Cause cause) throws IOException {
        var to = new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 443);
        Failure failure = NetFailures.connect(e, to, QUICK);
        assertThat(failure.cause()).as(e.toString()).isEqualTo(cause);
        assertThat(failure.message()).contains("192.0.2.1:443");
    }

    private static void assertRead(IOException e, Cause cause) {
        Failure failure = NetFailures.read(e, "waiting for the greeting", QUICK);
        assertThat(failure.cause()).as(e.toString()).isEqualTo(cause);
        assertThat(failure.message()).contains("while waiting for the greeting");
    }
}
