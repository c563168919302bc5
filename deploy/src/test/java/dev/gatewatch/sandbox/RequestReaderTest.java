package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {
    private static RequestReader reading(String text) {
        return new RequestReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void requestsFollowEachOtherOnAConnection() throws IOException {
        RequestReader reader = reading("POST /a?x=1&y=%C3%BC HTTP/1.1\r\nContent-Length: 3\r\nX-A: 1\r\nx-a: 2\r\n\r\näb"
                + "GET / HTTP/1.1\r\n\r\n");
        Request first = reader.next().orElseThrow();
        assertThat(first.method()).isEqualTo("POST");
        assertThat(first.path()).isEqualTo("/a");
        assertThat(first.queryFields()).isEqualTo(Map.of("x", "1", "y", "ü"));
        assertThat(first.header("X-A")).contains("1, 2");
        assertThat(first.body()).isEqualTo("äb");
        assertThat(reader.next().orElseThrow().segments()).isEmpty();
        assertThat(reader.next()).isEmpty();
    }

    @Test
    void chunksAreJoined() throws IOException {
        RequestReader reader = reading(
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
        assertThat(reader.next().orElseThrow().body()).isEqualTo("abcde");
        assertThat(reader.next().orElseThrow().path()).isEqualTo("/b");
    }

    @ParameterizedTest
    @CsvSource({
        "'GET /', 400",
        "'GET / HTTP/2.0\r\n\r\n', 400",
        "'GET / HTTP/1.1\r\nno colon\r\n\r\n', 400",
        "'POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n', 400",
        "'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n', 400",
        "'POST / HTTP/1.1\r\nContent-Length: 999999\r\n\r\n', 413",
        "'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n', 413",
    })
    void whatIsNotARequestIsRefused(String text, int status) {
        String line = text.contains("\n") ? text : text + "\r\n";
        assertThatThrownBy(() -> reading(line).next())
                .isInstanceOfSatisfying(
                        RequestReader.Refused.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void anEndlessHeadIsRefused() {
        assertThatThrownBy(() -> reading("GET / HTTP/1.1\r\nA: " + "x".repeat(17_000)).next())
                .isInstanceOfSatisfying(
                        RequestReader.Refused.class, e -> assertThat(e.status()).isEqualTo(431));
    }

    @Test
    void aRequestThatBreaksOffIsAnEnd() {
        assertThatThrownBy(() -> reading("GET / HT").next()).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> reading("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab").next())
                .isInstanceOf(EOFException.class);
    }
}
