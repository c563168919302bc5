package dev.gatewatch.probes.http;

import static dev.gatewatch.probes.http.Probing.evidence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Digest logins, cookies and forms: what goes with a request. */
final class HttpLoginTest {
    private static final Map<String, Object> DIGEST =
            Map.of("digest", Map.of("username", "probe", "password", "d1gest-passw0rd"));

    private final MockWebServer server = new MockWebServer();
    private final MockWebServer other = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        server.start();
        other.start();
    }

    @AfterEach
    void stop() {
        server.close();
        other.close();
    }

    @ParameterizedTest
    @CsvSource({"MD5,MD5", "SHA-256,SHA-256", "SHA-512-256,SHA-512/256", "MD5-sess,MD5", "SHA-256-sess,SHA-256"})
    void aChallengeIsAnsweredWithOneMoreRequest(String algorithm, String hash) throws Exception {
        server.enqueue(challenge("realm=\"shop\", nonce=\"abc\", qop=\"auth\", algorithm=" + algorithm + ", opaque=\"o\""));
        server.enqueue(ok());

        Report report = probe("/pay?a=b", Map.of("auth", DIGEST, "method", "POST", "body", "x"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(server.takeRequest().getHeaders().get("Authorization")).isNull();
        RecordedRequest second = server.takeRequest();
        String header = second.getHeaders().get("Authorization");
        assertThat(second.getBodySize()).isEqualTo(1);
        String a1 = hash(hash, "probe:shop:d1gest-passw0rd");
        if (algorithm.endsWith("-sess")) {
            a1 = hash(hash, a1 + ":abc:" + field(header, "cnonce"));
        }
        assertThat(field(header, "response"))
                .isEqualTo(hash(
                        hash,
                        a1 + ":abc:00000001:" + field(header, "cnonce") + ":auth:" + hash(hash, "POST:/pay?a=b")));
        assertThat(field(header, "opaque")).isEqualTo("o");
        assertThat(report.toString()).doesNotContain("d1gest-passw0rd");
    }

    @Test
    void aWrongPasswordIsRejectedAfterOneAnswer() throws Exception {
        server.enqueue(challenge("realm=\"shop\", nonce=\"a\", qop=\"auth\""));
        server.enqueue(challenge("realm=\"shop\", nonce=\"b\", qop=\"auth\""));

        Report report = probe("/", Map.of("auth", DIGEST));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CREDENTIAL_REJECTED);
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void aStaleNonceIsAnsweredOnceMoreAndNotForEver() throws Exception {
        server.enqueue(challenge("realm=\"shop\", nonce=\"a\", qop=\"auth\""));
        server.enqueue(challenge("realm=\"shop\", nonce=\"b\", qop=\"auth\", stale=true"));
        server.enqueue(ok());
        assertThat(probe("/", Map.of("auth", DIGEST)).outcome()).isEqualTo(Outcome.PASS);

        for (int i = 0; i < 5; i++) {
            server.enqueue(challenge("realm=\"shop\", nonce=\"a\", qop=\"auth\", stale=true"));
        }
        Report report = probe("/", Map.of("auth", DIGEST));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CREDENTIAL_REJECTED);
        assertThat(server.getRequestCount()).isEqualTo(6);
    }

    @Test
    void aTargetThatWantsAnotherLoginGetsNone() throws Exception {
        server.enqueue(new MockResponse.Builder()
                .code(401)
                .addHeader("WWW-Authenticate", "Basic realm=\"shop\"")
                .build());

        Report report = probe("/", Map.of("auth", DIGEST));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CREDENTIAL_MISSING);
        assertThat(evidence(report)).contains("the target offers no digest that we can answer: Basic realm");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void anotherOriginsChallengeIsNotAnswered() throws Exception {
        server.enqueue(redirect(other.url("/there").toString()));
        other.enqueue(challenge("realm=\"shop\", nonce=\"a\", qop=\"auth\""));

        Report report = probe("/", Map.of("auth", DIGEST));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CREDENTIAL_MISSING);
        assertThat(other.getRequestCount()).isEqualTo(1);
        assertThat(other.takeRequest().getHeaders().get("Authorization")).isNull();
    }

    @Test
    void aRedirectWithinTheOriginIsAnsweredForItsOwnPath() throws Exception {
        server.enqueue(challenge("realm=\"shop\", nonce=\"a\", qop=\"auth\""));
        server.enqueue(redirect("/b"));
        server.enqueue(ok());

        Report report = probe("/a", Map.of("auth", DIGEST));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        server.takeRequest();
        assertThat(server.takeRequest().getHeaders().get("Authorization")).contains("uri=\"/a\"", "nc=00000001");
        assertThat(server.takeRequest().getHeaders().get("Authorization")).contains("uri=\"/b\"", "nc=00000002");
    }

    @Test
    void aFormIsSentEncoded() throws Exception {
        server.enqueue(ok());

        Report report = probe(
                "/",
                Map.of(
                        "method", "POST",
                        "form", new java.util.TreeMap<>(Map.of("a b", "1&2=3", "list", java.util.List.of("x", "ä"), "n", 5))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(java.util.Objects.requireNonNull(request.getBody()).utf8())
                .isEqualTo("a+b=1%262%3D3&list=x&list=%C3%A4&n=5");
    }

    @Test
    void configuredCookiesAreSentUntilAnAnswerSetsThemAnew() throws Exception {
        server.enqueue(redirect("/b").newBuilder().addHeader("Set-Cookie", "sid=new; Path=/").build());
        server.enqueue(ok());

        Report report = probe("/a", Map.of("cookies", Map.of("sid", "old")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(server.takeRequest().getHeaders().get("Cookie")).isEqualTo("sid=old");
        assertThat(server.takeRequest().getHeaders().get("Cookie")).isEqualTo("sid=new");
    }

    @Test
    void configuredCookiesStayAtHomeAndOutOfSight() throws Exception {
        server.enqueue(redirect(other.url("/there").toString()));
        other.enqueue(new MockResponse.Builder().code(500).body("saw s3ssion-1d").build());

        Report report = probe("/a", Map.of("cookies", Map.of("sid", "s3ssion-1d")));

        assertThat(other.takeRequest().getHeaders().get("Cookie")).isNull();
        assertThat(report.toString()).contains("saw <secret>").doesNotContain("s3ssion-1d");
    }

    private Report probe(String path, Map<String, ?> more) throws Exception {
        return Probing.run(server.url(path).toString(), more);
    }

    private static MockResponse challenge(String parameters) {
        return new MockResponse.Builder()
                .code(401)
                .addHeader("WWW-Authenticate", "Digest " + parameters)
                .body("who are you?")
                .build();
    }

    private static MockResponse redirect(String to) {
        return new MockResponse.Builder().code(302).setHeader("Location", to).build();
    }

    private static MockResponse ok() {
        return new MockResponse.Builder().body("ok").build();
    }

    private static String field(String header, String name) {
        Matcher m = Pattern.compile("\\b" + name + "=\"?([^\",]*)").matcher(header);
        assertThat(m.find()).as(name + " in " + header).isTrue();
        return m.group(1);
    }

    private static String hash(String algorithm, String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
