package dev.gatewatch.web;

import static dev.gatewatch.web.Client.basic;
import static dev.gatewatch.web.Client.identity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.kit.FakeClock;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes in and who does not, over real HTTP. */
final class GuardTest {
    private static Client open;
    private static Client locked;

    @BeforeAll
    static void start() {
        Sources sources = SampleWorld.calm(new FakeClock());
        open = new Client(
                new ServerSettings(
                        new HostPort("127.0.0.1", 0), Optional.of(URI.create("https://watch.example.com")), List.of()),
                sources);
        locked = new Client(
                Client.settings(
                        identity("ops", "correct horse", Role.OPERATOR),
                        identity("grafana", "t0ken-t0ken", Role.VIEWER)),
                sources);
    }

    @AfterAll
    static void stop() {
        open.close();
        locked.close();
    }

    @ParameterizedTest
    @CsvSource({
        // path, method, nobody, viewer, operator
        "/,GET,401,200,200",
        "/alerts,GET,401,200,200",
        "/status,GET,401,200,200",
        "/probes/checkout,GET,401,200,200",
        "/assets/gatewatch.css,GET,401,200,200",
        "/api/v1/probes,GET,401,200,200",
        "/api/v1/results,GET,401,200,200",
        "/api/v1/openapi.json,GET,401,200,200",
        "/metrics,GET,401,200,200",
        "/nothing,GET,401,404,404",
        "/-/reload,POST,401,403,200",
        "/-/reload,GET,401,405,405",
        "/-/healthy,GET,200,200,200",
        "/-/ready,GET,200,200,200",
        "/-/ready/../../api/v1/probes,GET,401,404,404",
        "/-/healthy%2f..%2f..%2fmetrics,GET,401,404,404",
        "/-/ready;x=/../../metrics,GET,401,404,404",
        "//-/healthy,GET,401,404,404"
    })
    void eachRoleReachesWhatItMay(String path, String method, int nobody, int viewer, int operator) throws Exception {
        assertThat(status(method, path, "")).isEqualTo(nobody);
        assertThat(status(method, path, "Authorization: Bearer t0ken-t0ken\r\n")).isEqualTo(viewer);
        assertThat(status(method, path, "Authorization: " + basic("ops", "correct horse") + "\r\n"))
                .isEqualTo(operator);
    }

    private static int status(String method, String path, String headers) throws Exception {
        String line = locked.raw(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                + "Content-Length: 0\r\n" + headers + "\r\n");
        return Integer.parseInt(line.split(" ")[1]);
    }

    @Test
    void aBrowserIsAskedForCredentials() throws Exception {
        HttpResponse<String> response = locked.get("/");

        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .contains("Basic realm=\"Gatewatch\", charset=\"UTF-8\"");
        assertThat(response.body()).isEqualTo("this needs a user name and password, or a token\n");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9780,200",
        "localhost,200",
        "[::1]:9780,200",
        "watch.example.com,200",
        "WATCH.example.com:443,200",
        "evil.example.com,403",
        "127.0.0.1.evil.example.com,403",
        "localhost.evil.example.com:9780,403",
        "10.0.0.1,403",
        "'',400"
    })
    void aNameThatWasBentToLoopbackIsNotAnswered(String host, int status) throws Exception {
        String line = open.raw("GET /api/v1/status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(line).contains(" " + status + " ");
    }

    @ParameterizedTest
    @CsvSource({
        // Sec-Fetch-Site, Origin, answer
        "'','',200",
        "none,'',200",
        "same-origin,http://127.0.0.1:9780,200",
        "'',http://127.0.0.1:9780,200",
        "same-origin,https://watch.example.com,200",
        "cross-site,https://evil.example.com,403",
        "same-site,'',403",
        "'',https://evil.example.com,403",
        "'',null,403",
        "'',http://127.0.0.1:1,403",
        "'',http://watch.example.com,403"
    })
    void aPageOfAnotherSiteCannotPullLevers(String site, String origin, int status) throws Exception {
        String headers = (site.isEmpty() ? "" : "Sec-Fetch-Site: " + site + "\r\n")
                + (origin.isEmpty() ? "" : "Origin: " + origin + "\r\n");

        assertThat(open.raw("POST /-/reload HTTP/1.1\r\nHost: 127.0.0.1:9780\r\nContent-Length: 0\r\nConnection: close\r\n"
                        + headers + "\r\n"))
                .contains(" " + status + " ");
        assertThat(open.raw("GET / HTTP/1.1\r\nHost: 127.0.0.1:9780\r\nConnection: close\r\n" + headers + "\r\n"))
                .contains(" 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/alerts", "/api/v1/alerts", "/metrics", "/-/ready", "/nothing", "/assets/live.js"})
    void everyAnswerCarriesTheSecurityHeaders(String path) throws Exception {
        var headers = open.get(path).headers();

        assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
        assertThat(headers.firstValue("Server")).isEmpty();
    }
}
