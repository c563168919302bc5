package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.sandbox.Visitor.Answer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ControlTest extends RunningSandbox {
    @Test
    void theListHasEveryFaultWithItsCause() throws IOException {
        Answer answer = visitor.get(control("/faults"));
        List<String> listed = answer.json()
                .valueStream()
                .map(f -> f.get("id").asString() + " " + f.get("cause").asString("no alert") + " "
                        + f.get("active").asBoolean())
                .toList();
        assertThat(listed)
                .hasSize(Faults.ALL.size())
                .contains(
                        "gateway-500 http_status false",
                        "gateway-hangs response_timeout false",
                        "gateway-down connect_refused false",
                        "gateway-slow latency_high false",
                        "health-down health_down false",
                        "dns-nxdomain dns_nxdomain false",
                        "dns-servfail dns_servfail false",
                        "dns-wrong-address dns_mismatch false",
                        "cert-expired cert_expired false",
                        "cert-expiring cert_expiring false",
                        "cert-wrong-host cert_hostname false",
                        "region-ap-slow region_slow false",
                        "region-ap-down region_down false",
                        "payment-without-amount-accepted http_status false");
        List<String> codes = Arrays.stream(Cause.values()).map(Cause::code).toList();
        assertThat(answer.json().valueStream().filter(f -> !f.get("cause").isNull()).map(f -> f.get("cause").asString()))
                .isSubsetOf(codes);
        assertThat(answer.json().valueStream().filter(f -> f.get("cause").isNull()).map(f -> f.get("id").asString()))
                .containsExactly("rates-slower");
        assertThat(answer.json().valueStream().map(f -> f.get("description").asString()))
                .noneMatch(String::isBlank);
    }

    @Test
    void switchingIsIdempotentAndAnswersWithTheFault() throws IOException {
        for (String method : List.of("PUT", "PUT", "DELETE", "DELETE")) {
            Answer answer = visitor.send(method, control("/faults/health-down"), "");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().propertyNames()).containsExactly("id", "description", "area", "cause", "probe", "active");
            assertThat(answer.json().get("active").asBoolean()).isEqualTo(method.equals("PUT"));
        }
    }

    @Test
    void deletingAllSwitchesAllOff() throws IOException {
        visitor.turn(sandbox, "health-down", true);
        visitor.turn(sandbox, "region-ap-down", true);
        Answer answer = visitor.send("DELETE", control("/faults"), "");
        assertThat(answer.json().valueStream().map(f -> f.get("active").asBoolean())).containsOnly(false);
        assertThat(visitor.get(ap("/health")).at("/status")).isEqualTo("UP");
    }

    @Test
    void anUnknownFaultIsNotFoundInJson() throws IOException {
        for (String method : List.of("GET", "PUT", "DELETE")) {
            Answer answer = visitor.send(method, control("/faults/moon-down"), "");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.at("/error")).contains("moon-down");
        }
    }

    @Test
    void aWrongMethodIsNotAllowed() throws IOException {
        assertThat(visitor.send("POST", control("/faults/health-down"), "").headers())
                .containsEntry("Allow", "GET, PUT, DELETE");
        assertThat(visitor.send("PUT", control("/faults"), "").status()).isEqualTo(405);
        assertThat(visitor.get(control("/inbox/slack")).status()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://evil.example, 403",
        "Origin, null, 403",
        "Origin, http://127.0.0.1:1, 403",
        "Sec-Fetch-Site, cross-site, 403",
        "Sec-Fetch-Site, same-site, 403",
        "Sec-Fetch-Site, same-origin, 200",
        "Host, gateway.evil.example, 421",
        "Host, 127.0.0.1.evil.example:80, 421",
        "Host, localhost:80, 200",
    })
    void changesFromElsewhereAreRefused(String header, String value, int status) throws IOException {
        assertThat(visitor.send("PUT", control("/faults/health-down"), "", header, value).status())
                .isEqualTo(status);
        String active = visitor.get(control("/faults/health-down")).at("/active");
        assertThat(active).isEqualTo(Boolean.toString(status == 200));
    }

    @Test
    void theSandboxsOwnPageMayMakeChanges() throws IOException {
        String origin = control("").replaceFirst("/$", "");
        assertThat(visitor.send("PUT", control("/faults/health-down"), "", "Origin", origin).status())
                .isEqualTo(200);
    }

    @Test
    void thePageShowsEveryFaultItsStateInWordsAndTheWayOn() throws IOException {
        visitor.turn(sandbox, "cert-expired", true);
        Answer page = visitor.get(control("/"));
        assertThat(page.headers().get("Content-Type")).startsWith("text/html");
        assertThat(page.headers().get("Content-Security-Policy")).contains("default-src 'none'");
        for (Fault fault : Faults.ALL) {
            assertThat(page.body()).contains("data-id=\"" + fault.id() + "\"", Html.escape(fault.description()));
        }
        assertThat(page.body())
                .containsOnlyOnce("aria-checked=\"true\" aria-labelledby=\"about-cert-expired\">On</button>")
                .contains("href=\"http://127.0.0.1:9780/\"", "href=\"/inbox\"");
    }

    @Test
    void whatThePagesReferToIsThere() throws IOException {
        assertThat(visitor.get(control("/sandbox.css")).headers().get("Content-Type")).startsWith("text/css");
        for (String script : List.of("/faults.js", "/inbox.js")) {
            assertThat(visitor.get(control(script)).headers().get("Content-Type")).startsWith("text/javascript");
        }
        assertThat(visitor.get(control("/no.css")).status()).isEqualTo(404);
        assertThat(visitor.send("HEAD", control("/"), "").body()).isEmpty();
    }

    @Test
    void aMessageGoesThroughTheWebhookToPageAndJson() throws IOException {
        String payload = "{\"text\":\"*down*: checkout\",\"blocks\":[{\"type\":\"header\",\"text\":"
                + "{\"type\":\"plain_text\",\"text\":\"checkout <fails>\"}}]}";
        Answer answer = visitor.post(control("/inbox/slack"), payload);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ok");
        JsonNode newest = visitor.get(control("/inbox/messages")).json().get(0);
        assertThat(newest.get("text").asString()).isEqualTo("*down*: checkout");
        assertThat(newest.at("/payload/blocks/0/type").asString()).isEqualTo("header");
        assertThat(newest.get("receivedAt").asString()).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\.\\d{6}Z");
        assertThat(visitor.get(control("/inbox")).body()).contains("<h2>checkout &lt;fails&gt;</h2>");

        long id = newest.get("id").asLong();
        assertThat(visitor.get(control("/inbox/items?after=" + (id - 1))).body()).contains("data-id=\"" + id + "\"");
        assertThat(visitor.get(control("/inbox/items?after=" + id)).status()).isEqualTo(204);
        assertThat(visitor.get(control("/inbox/items?after=" + (id + 7))).status()).isEqualTo(409);
        assertThat(visitor.get(control("/inbox/items?after=x")).status()).isEqualTo(400);
    }

    @Test
    void aRequestThatIsTooLargeOrNotHttpIsRefused() throws IOException {
        assertThat(visitor.post(control("/inbox/slack"), "x".repeat(300_000)).status()).isEqualTo(413);
        assertThat(visitor.get(control("/faults"), "X-Large", "x".repeat(20_000)).status()).isEqualTo(431);
        try (var socket = new Socket(Loopback.ADDRESS, sandbox.control().getPort())) {
            socket.getOutputStream().write("hello\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void theLinkToGatewatchCanBeToldLater(@TempDir Path other) throws IOException {
        var settings = new SandboxSettings(new HostPort("localhost", 0), new HostPort("127.0.0.1", 0), other);
        try (Sandbox second = Sandbox.start(settings)) {
            assertThat(visitor.get(second.control().toString()).body()).doesNotContain("Gatewatch’s page");
            second.gatewatchAt(URI.create("http://127.0.0.1:4711/"));
            assertThat(visitor.get(second.control().toString()).body()).contains("href=\"http://127.0.0.1:4711/\"");
        }
    }

    @Test
    void aPortInUseIsSaidInWords() {
        var settings = new SandboxSettings(
                new HostPort("127.0.0.1", sandbox.control().getPort()), new HostPort("127.0.0.1", 9780), data);
        assertThatThrownBy(() -> Sandbox.start(settings))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + sandbox.control().getPort());
    }

    @Test
    void aControlAddressThatIsNotLoopbackIsRefused() {
        for (String host : List.of("0.0.0.0", "192.0.2.1")) {
            var settings = new SandboxSettings(new HostPort(host, 0), new HostPort("127.0.0.1", 9780), data);
            assertThatThrownBy(() -> Sandbox.start(settings))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("this machine only");
        }
    }

    @Test
    void aDataFolderThatCannotBeMadeIsSaidInWords() throws IOException {
        Path file = Files.writeString(data.resolve("file"), "in the way");
        assertThatThrownBy(() -> Sandbox.start(settings(file.resolve("below"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot write to the data folder " + file);
    }
}
