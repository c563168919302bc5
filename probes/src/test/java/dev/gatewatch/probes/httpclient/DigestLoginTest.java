package dev.gatewatch.probes.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gatewatch.config.Secret;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of RFC 7616 and RFC 2617, and challenges as servers write them. */
final class DigestLoginTest {
    private static final String CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    private static final String NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private static final String OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";

    private static DigestLogin login(String user, String password, String cnonce) {
        return new DigestLogin(new Auth.Digest(user, new Secret(password)), cnonce);
    }

    private static String answer(DigestLogin login, String method, String path, String body) {
        HttpUrl url = HttpUrl.parse("http://www.example.org" + path);
        return login.header(method, java.util.Objects.requireNonNull(url), ByteString.encodeUtf8(body))
                .orElseThrow()
                .reveal();
    }

    static Stream<Arguments> examples() {
        return Stream.of(
                arguments("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
                arguments("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theExamplesOfRfc7616Hold(String algorithm, String response) {
        DigestLogin login = login("Mufasa", "Circle of Life", CNONCE);

        assertThat(login.challenged(
                        Headers.of(
                                "WWW-Authenticate",
                                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=" + algorithm
                                        + ", nonce=\"" + NONCE + "\", opaque=\"" + OPAQUE + "\""),
                        false))
                .isTrue();

        assertThat(answer(login, "GET", "/dir/index.html", ""))
                .isEqualTo("Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm="
                        + algorithm + ", nonce=\"" + NONCE + "\", nc=00000001, cnonce=\"" + CNONCE
                        + "\", qop=auth, response=\"" + response + "\", opaque=\"" + OPAQUE + "\"");
        assertThat(answer(login, "GET", "/dir/index.html", "")).contains("nc=00000002");
    }

    @Test
    void theExampleWithAHashedUserNameHolds() {
        // RFC 7616, 3.9.2, with the hashes of erratum 4897: those printed are no SHA-512/256
        DigestLogin login = login("J\u00e4s\u00f8n Doe", "Secret, or not?", "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v");

        login.challenged(
                Headers.of(
                        "WWW-Authenticate",
                        "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\","
                                + " opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true"),
                false);

        assertThat(answer(login, "GET", "/doe.json", ""))
                .contains("username=\"793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b\"")
                .contains("response=\"3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5\"")
                .endsWith("userhash=true");
    }

    @Test
    void aServerOfBeforeQopGetsTheOldForm() {
        DigestLogin login = login("Mufasa", "Circle Of Life", "0a4f113b");

        login.challenged(
                Headers.of(
                        "WWW-Authenticate",
                        "Digest realm=\"testrealm@host.com\",nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\""),
                false);

        assertThat(answer(login, "GET", "/dir/index.html", ""))
                .isEqualTo("Digest username=\"Mufasa\", realm=\"testrealm@host.com\", uri=\"/dir/index.html\","
                        + " nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", response=\"670fd8c2df070c60b045671b8b24ff02\"");
    }

    static Stream<Arguments> challenges() {
        return Stream.of(
                arguments(List.of("Basic realm=\"x\""), false),
                arguments(List.of("Basic realm=\"x\", Digest realm=\"y\", nonce=\"n\", qop=\"auth\""), true),
                arguments(List.of("Basic realm=\"Digest nonce=\\\"n\\\"\""), false),
                arguments(List.of("Digest realm=\"y\", nonce=\"n\", Basic realm=\"x\""), true),
                arguments(List.of("Negotiate", "Digest realm=\"y\", nonce=\"n\", algorithm=MD5-sess"), true),
                arguments(List.of("Digest realm=\"y\", nonce=\"n\", algorithm=SHA-512"), false),
                arguments(
                        List.of("Digest realm=\"y\", nonce=\"n\", algorithm=SHA-512", "digest nonce=n, algorithm=md5"),
                        true),
                arguments(List.of("Digest realm=\"y\", nonce=\"n\", qop=\"auth-conf\""), false),
                arguments(List.of("Digest realm=\"y\""), false),
                arguments(List.of("Digest"), false),
                arguments(List.of("\"\"\"\\"), false),
                arguments(List.of("Digest " + "x".repeat(10_000)), false));
    }

    @ParameterizedTest
    @MethodSource("challenges")
    void aChallengeThatCanBeAnsweredIsFound(List<String> headers, boolean found) {
        var all = new Headers.Builder();
        headers.forEach(value -> all.add("WWW-Authenticate", value));

        assertThat(login("u", "p", "c").challenged(all.build(), false)).isEqualTo(found);
    }

    @Test
    void afterAnAnswerOnlyAStaleNonceIsAnsweredAgain() {
        DigestLogin login = login("u", "p", "c");
        Headers first = Headers.of("WWW-Authenticate", "Digest realm=\"y\", nonce=\"n1\", qop=auth");
        Headers stale = Headers.of("WWW-Authenticate", "Digest realm=\"y\", nonce=\"n2\", qop=auth, stale=TRUE");

        assertThat(login.challenged(first, false)).isTrue();
        answer(login, "GET", "/", "");
        assertThat(login.challenged(first, true)).isFalse();
        assertThat(login.challenged(stale, true)).isTrue();
        assertThat(answer(login, "GET", "/", "")).contains("nonce=\"n2\"", "nc=00000001");
    }

    @Test
    void theBodyIsSignedWhereOnlyThatIsOffered() {
        DigestLogin login = login("u", "p", "c");
        login.challenged(Headers.of("WWW-Authenticate", "Digest realm=\"y\", nonce=\"n\", qop=\"auth-int\""), false);

        String one = answer(login, "POST", "/", "a=1");
        login.challenged(Headers.of("WWW-Authenticate", "Digest realm=\"y\", nonce=\"n\", qop=\"auth-int\""), false);
        String other = answer(login, "POST", "/", "a=2");

        assertThat(one).contains("qop=auth-int").isNotEqualTo(other);
    }

    @Test
    void aNameBeyondAsciiIsExtended() {
        DigestLogin login = login("j\u00e4", "p", "c");
        login.challenged(Headers.of("WWW-Authenticate", "Digest realm=\"y\", nonce=\"n\", qop=auth"), false);

        assertThat(answer(login, "GET", "/", "")).startsWith("Digest username*=UTF-8''j%C3%A4, ");
    }

    @Test
    void aRealmOfThousandsOfEscapesIsReadWithoutAStack() {
        String realm = "\\x".repeat(4_000);

        assertThat(DigestChallenge.first(List.of("Digest realm=\"" + realm + "\", nonce=\"n\"")))
                .hasValueSatisfying(c -> assertThat(c.realm()).isEqualTo("x".repeat(4_000)));
    }
}
