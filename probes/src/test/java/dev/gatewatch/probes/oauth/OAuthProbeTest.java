package dev.gatewatch.probes.oauth;

import static dev.gatewatch.probes.oauth.Clients.evidence;
import static dev.gatewatch.probes.oauth.Clients.fact;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a watched grant shows, and what it calls the ways in which it fails. */
final class OAuthProbeTest {
    private TokenServer server;

    @TempDir
    Path files;

    @BeforeEach
    void start() throws Exception {
        server = new TokenServer().start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aGrantPassesWithWhatTheTokenSays() throws Exception {
        Report report = Clients.run(server.client(Map.of("scopes", List.of("orders", "payments"), "audience", "api")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "expires_in")).isEqualTo(3600L);
        assertThat((Number) fact(report, "lifetime_left")).satisfies(left -> assertThat(left.doubleValue()).isBetween(3590.0, 3600.0));
        assertThat(fact(report, "token_type")).isEqualTo("Bearer");
        assertThat(fact(report, "scope")).isEqualTo("orders payments");
        assertThat(fact(report, "refresh_token")).isEqualTo(true);
        assertThat(fact(report, "refresh_expires_in")).isEqualTo(86_400L);
        assertThat(fact(report, "token_requests")).isEqualTo(1L);
        assertThat(fact(report, "status")).isEqualTo(200L);
        assertThat(report.phases()).containsKeys("connect", "processing").doesNotContainKey("token");
        assertThat(server.asked.getFirst().field("scope")).isEqualTo("orders payments");
        assertThat(server.asked.getFirst().field("audience")).isEqualTo("api");
        assertThat(report.toString()).doesNotContain("access-token-number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "post"})
    void aSecretWithOddCharactersIsSentAsTheProtocolWantsIt(String way) throws Exception {
        Report report = Clients.run(server.client(Map.of("client_auth", way)));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(server.asked.getFirst().headers().get("Authorization") != null).isEqualTo(way.equals("basic"));
    }

    @Test
    void inModeFullTenRunsAreTenTokenRequests() throws Exception {
        try (Probe probe = Sections.probe(new OAuthProbeType(), server.client(Map.of()))) {
            for (int i = 0; i < 10; i++) {
                assertThat(Runs.once(probe, Clients.AMPLE).outcome()).isEqualTo(Outcome.PASS);
            }
        }

        assertThat(server.requests()).isEqualTo(10);
    }

    @Test
    void inModeCachedTenRunsAreOneTokenRequest() throws Exception {
        OAuthClients clients = Clients.section(Map.of("shop", server.client(Map.of())));
        try (Probe probe = Clients.probe(new OAuthProbeType(), Map.of("client", "shop", "mode", "cached"), clients)) {
            for (int i = 0; i < 10; i++) {
                Report report = Runs.once(probe, Clients.AMPLE);
                assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
                assertThat(fact(report, "token_requests")).isEqualTo(1L);
                assertThat(report.phases().get("token")).isNotNull();
            }
        }

        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void aCachedTokenThatIsNearlyOverIsDegraded() throws Exception {
        var clock = new FakeClock();
        server.expiresIn = 600;
        OAuthClients clients = Clients.section(Map.of("shop", server.client(Map.of("renew_ahead", "1s"))));
        try (Probe probe = Clients.probe(
                new OAuthProbeType(), Map.of("client", "shop", "mode", "cached", "min_lifetime", "2m"), clients)) {
            assertThat(probe.run(Clients.run(clock, Memory.fresh())).outcome()).isEqualTo(Outcome.PASS);
            clock.advance(Duration.ofMinutes(9));

            Report report = probe.run(Clients.run(clock, Memory.fresh()));

            assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
            assertThat(report.cause()).contains(Cause.TOKEN_EXPIRED);
            assertThat(report.message()).isEqualTo("the token lives 1m more, expected at least 2m");
        }
    }

    @Test
    void aTokenThatLivesTooShortIsDegraded() throws Exception {
        server.expiresIn = 60;

        Report report = Clients.run(server.client(Map.of("min_lifetime", "5m")));

        assertThat(report.outcome()).isEqualTo(Outcome.DEGRADED);
        assertThat(report.cause()).contains(Cause.TOKEN_EXPIRED);
        assertThat(report.message()).isEqualTo("the token lives 1m, expected at least 5m");
        assertThat(evidence(report)).contains("<secret>").doesNotContain("access-token-number");
    }

    @Test
    void aScopeThatIsNotGrantedIsAMissingPermission() throws Exception {
        Report report = Clients.run(server.client(Map.of("expect_scopes", List.of("orders", "refunds"))));

        assertThat(report.cause()).contains(Cause.PERMISSION_MISSING);
        assertThat(report.message()).isEqualTo("the token lacks the scope refunds; granted: orders payments");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "400 | {'error':'invalid_grant','error_description':'Token was revoked'}              | TOKEN_REFUSED       | invalid_grant: \"Token was revoked\"",
        "400 | {'error':'invalid_grant','error_description':'Refresh token expired'}          | TOKEN_EXPIRED       | Refresh token expired",
        "400 | {'error':'invalid_grant','error_description':'Token is invalid, expired or revoked'} | TOKEN_REFUSED | expired or revoked",
        "401 | {'error':'invalid_client'}                                                     | TOKEN_REFUSED       | 401 Client Error: invalid_client",
        "400 | {'error':'unauthorized_client'}                                                | TOKEN_REFUSED       | unauthorized_client",
        "400 | {'error':'invalid_scope','error_description':'no such scope'}                  | TOKEN_REFUSED       | invalid_scope: \"no such scope\"",
        "200 | {'errcode':40013,'errmsg':'invalid appid'}                                     | TOKEN_REFUSED       | 40013: \"invalid appid\"",
        "403 | Forbidden                                                                      | TOKEN_REFUSED       | 403",
        "429 | slow                                                                           | TOKEN_THROTTLED     | 429",
        "400 | {'error':'slow_down'}                                                          | TOKEN_THROTTLED     | slow_down",
        "503 | {'error':'temporarily_unavailable'}                                            | TOKEN_THROTTLED     | temporarily_unavailable",
        "500 | {'error':'server_error'}                                                       | TOKEN_ENDPOINT_DOWN | server_error",
        "502 | <html>                                                                         | TOKEN_ENDPOINT_DOWN | 502",
        "404 | nothing here                                                                   | TOKEN_ENDPOINT_DOWN | 404",
        "302 | elsewhere                                                                      | TOKEN_MALFORMED     | 302",
        "200 | <html>login</html>                                                             | TOKEN_MALFORMED     | not JSON: 18 bytes of application/json",
        "200 | []                                                                             | TOKEN_MALFORMED     | not JSON",
        "200 | {'token_type':'Bearer'}                                                        | TOKEN_MALFORMED     | no access_token",
        "200 | {'access_token':17}                                                            | TOKEN_MALFORMED     | no access_token",
        "200 | {'access_token':'two words'}                                                   | TOKEN_MALFORMED     | blanks",
        "200 | {'access_token':'t','token_type':'mac'}                                        | TOKEN_MALFORMED     | \"mac\", expected Bearer",
        "200 | {'access_token':'t','expires_in':'soon'}                                       | TOKEN_MALFORMED     | expires_in is \"soon\"",
        "200 | {'access_token':'t','expires_in':-1}                                           | TOKEN_MALFORMED     | expires_in is -1",
        "200 | {'access_token':'t','expires_in':0}                                            | TOKEN_EXPIRED       | expires_in is 0",
    })
    void whatTheEndpointAnswersHasItsOwnCause(int status, String body, Cause cause, String words) throws Exception {
        server.instead = _ -> server.json(status, body.replace('\'', '"'));

        Report report = Clients.run(server.client(Map.of()));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.FAIL);
        assertThat(report.cause()).contains(cause);
        assertThat(report.message()).contains(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3600", "\"3600\"", "3600.5"})
    void aLifetimeMayBeWrittenInSeveralWays(String written) throws Exception {
        server.instead = _ -> server.json(200, "{\"access_token\":\"t\",\"expires_in\":" + written + "}");

        Report report = Clients.run(server.client(Map.of()));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "expires_in")).isEqualTo(3600L);
    }

    @Test
    void aClientWithoutASecretMissesItsCredential() throws Exception {
        Report report = Clients.run(Map.of("token_url", server.tokenUrl(), "client_id", "shop"));

        assertThat(report.cause()).contains(Cause.CREDENTIAL_MISSING);
        assertThat(report.message()).contains("invalid_client");
    }

    @Test
    void retryAfterIsTold() throws Exception {
        server.instead = _ -> new MockResponse.Builder().code(429).addHeader("Retry-After", "30").build();

        Report report = Clients.run(server.client(Map.of()));

        assertThat(report.cause()).contains(Cause.TOKEN_THROTTLED);
        assertThat(report.message()).endsWith("; retry after 30s");
        assertThat(fact(report, "retry_after")).isEqualTo(30L);
    }

    @Test
    void anEndpointThatCutsTheConnectionIsDownAndTheReasonIsSaid() throws Exception {
        server.instead = _ -> new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();

        Report report = Clients.run(server.client(Map.of()));

        assertThat(report.cause()).contains(Cause.TOKEN_ENDPOINT_DOWN);
        assertThat(report.message()).startsWith("the token endpoint " + server.tokenUrl() + " gives no answer: connection_reset: ");
    }

    @Test
    void anEndlessAnswerIsMalformedAndBounded() throws Exception {
        server.instead = _ -> server.json(200, "{\"access_token\":\"" + "x".repeat(2_000_000));

        Report report = Clients.run(server.client(Map.of()));

        assertThat(report.cause()).contains(Cause.TOKEN_MALFORMED);
        assertThat(report.message()).contains("body_too_large");
    }

    @Test
    void aRedirectIsNeverFollowedWithTheCredentials() throws Exception {
        server.instead = _ -> new MockResponse.Builder()
                .code(307)
                .addHeader("Location", server.url("/elsewhere"))
                .build();

        Report report = Clients.run(server.client(Map.of("client_auth", "post")));

        assertThat(report.cause()).contains(Cause.TOKEN_MALFORMED);
        assertThat(server.http.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aDeeplyNestedOrNumericMessIsOnlyMalformed() throws Exception {
        server.instead = _ -> server.json(200, "[".repeat(100_000));

        assertThat(Clients.run(server.client(Map.of())).cause()).contains(Cause.TOKEN_MALFORMED);
    }

    @Test
    void theRefreshTokenIsProvenToWork() throws Exception {
        Report report = Clients.run(server.client(Map.of("refresh", true)));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "refresh_works")).isEqualTo(true);
        assertThat(fact(report, "refresh_rotated")).isEqualTo(true);
        assertThat(server.asked.stream().map(a -> a.field("grant_type"))).containsExactly("client_credentials", "refresh_token");
        assertThat(server.asked.getLast().field("refresh_token")).isEqualTo("refresh-token-number-1");
    }

    @Test
    void aRefreshTokenThatDoesNotWorkIsRefused() throws Exception {
        server.instead = ask -> ask.field("grant_type").equals("refresh_token")
                ? server.json(400, "{\"error\":\"invalid_grant\"}")
                : null;

        Report report = Clients.run(server.client(Map.of("refresh", true)));

        assertThat(report.cause()).contains(Cause.TOKEN_REFUSED);
        assertThat(report.message()).startsWith("a token was granted, and its refresh token did not bring another: ");
        assertThat(fact(report, "refresh_works")).isEqualTo(false);
    }

    @Test
    void noRefreshTokenWhereOneIsToBeUsedIsMalformed() throws Exception {
        server.instead = _ -> server.json(200, "{\"access_token\":\"t\"}");

        Report report = Clients.run(server.client(Map.of("refresh", true)));

        assertThat(report.cause()).contains(Cause.TOKEN_MALFORMED);
        assertThat(report.message()).contains("no refresh_token");
    }

    @Test
    void aRotatedRefreshTokenIsRememberedForTheNextRunAndOverARestart() throws Exception {
        Memory memory = Memory.fresh();
        Map<String, Object> config = byRefreshToken();

        List<Outcome> outcomes = IntStream.range(0, 3)
                .mapToObj(_ -> unchecked(() -> Clients.run(config, Clock.systemUTC(), memory).outcome()))
                .toList();

        assertThat(outcomes).containsOnly(Outcome.PASS);
        assertThat(server.asked.stream().map(a -> a.field("refresh_token")))
                .containsExactly("first-refresh-token", "refresh-token-number-1", "refresh-token-number-2");
        assertThat(memory.get("oauth.refresh.own").orElseThrow())
                .as("sealed")
                .doesNotContain("refresh-token-number");
    }

    @Test
    void anotherConfiguredRefreshTokenEndsTheRememberedChain() throws Exception {
        Memory memory = Memory.fresh();
        Clients.run(byRefreshToken(), Clock.systemUTC(), memory);
        server.refreshable.add("second-refresh-token");
        Map<String, Object> config = new LinkedHashMap<>(byRefreshToken());
        config.put("refresh_token", "second-refresh-token");

        Report report = Clients.run(config, Clock.systemUTC(), memory);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(server.asked.getLast().field("refresh_token")).isEqualTo("second-refresh-token");
    }

    @Test
    void aRememberedRefreshTokenThatIsRefusedGivesWayToTheConfiguredOne() throws Exception {
        Memory memory = Memory.fresh();
        Clients.run(byRefreshToken(), Clock.systemUTC(), memory);
        server.refreshable.clear();
        server.refreshable.add("first-refresh-token");
        server.instead = ask -> ask.field("refresh_token").equals("refresh-token-number-1")
                ? server.json(400, "{\"error\":\"invalid_grant\"}")
                : null;

        Report report = Clients.run(byRefreshToken(), Clock.systemUTC(), memory);

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(evidence(report)).contains("trying the configured one");
    }

    @Test
    void aServerThatDoesNotRotateGetsTheSameRefreshTokenAgain() throws Exception {
        server.rotating = false;
        Memory memory = Memory.fresh();

        Report report = Clients.run(byRefreshToken(), Clock.systemUTC(), memory);
        Clients.run(byRefreshToken(), Clock.systemUTC(), memory);

        assertThat(fact(report, "refresh_rotated")).isEqualTo(false);
        assertThat(server.asked.stream().map(a -> a.field("refresh_token"))).containsOnly("first-refresh-token");
    }

    @Test
    void anAssertionIsSignedAsTheStandardWantsIt() throws Exception {
        var keys = rsa(2048);

        Report report = Clients.run(server.client(Map.of(
                "grant", "jwt_bearer",
                "key", pem(keys).toString(),
                "key_id", "k1",
                "issuer", "robot@shop",
                "subject", "someone",
                "claims", Map.of("tenant", "acme"))));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        var jwt = SignedJWT.parse(server.asked.getFirst().field("assertion"));
        assertThat(jwt.verify(new RSASSAVerifier((RSAPublicKey) keys.getPublic()))).isTrue();
        assertThat(jwt.getHeader().getKeyID()).isEqualTo("k1");
        assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo("robot@shop");
        assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo("someone");
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly(server.tokenUrl());
        assertThat(jwt.getJWTClaimsSet().getStringClaim("tenant")).isEqualTo("acme");
        assertThat(jwt.getJWTClaimsSet().getExpirationTime()).isAfter(Instant.now());
        assertThat(jwt.getJWTClaimsSet().getJWTID()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "ES256"})
    void aClientMayProveItselfWithAnyOfTheSignatures(String algorithm) throws Exception {
        KeyPair keys = algorithm.equals("ES256") ? ec() : rsa(2048);
        server.instead = _ -> server.json(200, "{\"access_token\":\"t\",\"expires_in\":60}");

        Report report = Clients.run(Map.of(
                "token_url", server.tokenUrl(), "client_id", "shop", "key", pem(keys).toString(), "algorithm", algorithm));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        var ask = server.asked.getFirst();
        assertThat(ask.field("client_assertion_type")).isEqualTo("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        var jwt = SignedJWT.parse(ask.field("client_assertion"));
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
        assertThat(verifies(algorithm, keys, ask.field("client_assertion"))).isTrue();
        assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo("shop");
    }

    @Test
    void aClientMayProveItselfWithACertificate() throws Exception {
        var ca = new HeldCertificate.Builder().certificateAuthority(0).commonName("Test CA").build();
        var leaf = new HeldCertificate.Builder().signedBy(ca).addSubjectAlternativeName("localhost").build();
        var own = new HeldCertificate.Builder().signedBy(ca).commonName("shop").build();
        var trust = new HandshakeCertificates.Builder()
                .heldCertificate(leaf, ca.certificate())
                .addTrustedCertificate(ca.certificate())
                .build();
        try (var secure = new TokenServer()) {
            secure.http.useHttps(trust.sslSocketFactory());
            secure.http.requireClientAuth();
            secure.instead = _ -> secure.json(200, "{\"access_token\":\"t\",\"expires_in\":60}");
            secure.start();
            String url = "https://localhost:" + secure.http.getPort() + "/token";
            String anchor = write("ca.pem", ca.certificatePem());
            Map<String, Object> identity = Map.of(
                    "trust", anchor, "cert", write("own.pem", own.certificatePem()), "key", write("own.key", own.privateKeyPkcs8Pem()));

            Report report = Clients.run(Map.of("token_url", url, "client_id", "shop", "tls", identity));
            Report without = Clients.run(Map.of("token_url", url, "client_id", "shop", "tls", Map.of("trust", anchor)));

            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
            assertThat(secure.asked.getFirst().field("client_id")).isEqualTo("shop");
            assertThat(without.cause()).contains(Cause.CLIENT_CERT_REQUIRED);
        }
    }

    @Test
    void aJwtIsLookedIntoWithoutBeingTrusted() throws Exception {
        Instant now = Instant.now();
        server.instead = _ -> server.json(200, "{\"access_token\":\"" + jwt(now.plusSeconds(30), now.plusSeconds(930)) + "\"}");

        Report report = Clients.run(server.client(Map.of()));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "jwt_issuer")).isEqualTo("https://id.example");
        assertThat(fact(report, "jwt_audience")).isEqualTo("orders, payments");
        assertThat(fact(report, "jwt_algorithm")).isEqualTo("none");
        assertThat(fact(report, "jwt_expiry")).isEqualTo(now.plusSeconds(930).getEpochSecond());
        assertThat(fact(report, "expires_in")).as("by its claims").isEqualTo(900L);
        assertThat((Long) fact(report, "clock_skew")).isBetween(25L, 30L);
    }

    @Test
    void aJwtThatIsOverWhenItIsIssuedIsMalformed() throws Exception {
        Instant now = Instant.now();
        server.instead = _ -> server.json(
                200, "{\"access_token\":\"" + jwt(now.minusSeconds(7200), now.minusSeconds(3600)) + "\",\"expires_in\":3600}");

        Report report = Clients.run(server.client(Map.of()));

        assertThat(report.cause()).contains(Cause.TOKEN_MALFORMED);
        assertThat(report.message()).contains("exp is in the past");
        assertThat(evidence(report)).doesNotContain("eyJ");
    }

    @Test
    void aLongTokenIsNotSeenInTheEvidenceWhereItIsCut() throws Exception {
        String secretPart = "Zm9vYmFy".repeat(400);
        server.instead = _ -> server.json(200, "{\"token_type\":\"mac\",\"access_token\":\"" + secretPart + "\"}");

        Report report = Clients.run(server.client(Map.of()));

        assertThat(report.cause()).contains(Cause.TOKEN_MALFORMED);
        assertThat(report.toString()).doesNotContain("Zm9vYmFyZm9v");
    }

    @Test
    void introspectionMustSayThatTheTokenIsActive() throws Exception {
        Report active = Clients.run(server.client(Map.of("introspect_url", server.url("/introspect"))));
        server.serve("/introspect", _ -> server.json(200, "{\"active\":false}"));
        Report inactive = Clients.run(server.client(Map.of("introspect_url", server.url("/introspect"))));

        assertThat(active.outcome()).as(active.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(active, "active")).isEqualTo(true);
        assertThat(inactive.cause()).contains(Cause.CREDENTIAL_REJECTED);
        assertThat(fact(inactive, "active")).isEqualTo(false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "401 | {}             | CREDENTIAL_REJECTED",
        "429 | {}             | TOKEN_THROTTLED",
        "500 | {}             | TOKEN_ENDPOINT_DOWN",
        "400 | {}             | TOKEN_REFUSED",
        "200 | {\"act\":true} | TOKEN_MALFORMED",
        "200 | <html>         | TOKEN_MALFORMED",
    })
    void whatIntrospectionAnswersHasItsCause(int status, String body, Cause cause) throws Exception {
        server.serve("/introspect", _ -> server.json(status, body));

        Report report = Clients.run(server.client(Map.of("introspect_url", server.url("/introspect"))));

        assertThat(report.cause()).as(report.toString()).contains(cause);
    }

    @Test
    void anIntrospectionEndpointThatAsksForACredentialSaysSo() throws Exception {
        server.instead = _ -> server.json(200, "{\"access_token\":\"t\",\"expires_in\":60}");
        server.serve("/introspect", _ -> server.json(401, "{}"));

        Report report = Clients.run(
                Map.of("token_url", server.tokenUrl(), "client_id", "shop", "introspect_url", server.url("/introspect")));

        assertThat(report.cause()).contains(Cause.CREDENTIAL_MISSING);
    }

    private Map<String, Object> byRefreshToken() {
        return server.client(Map.of("grant", "refresh_token", "refresh_token", "first-refresh-token"));
    }

    /** By the JDK, not by the library that signed it. */
    private static boolean verifies(String algorithm, KeyPair keys, String jwt) throws Exception {
        var verifier = Signature.getInstance(
                switch (algorithm) {
                    case "ES256" -> "SHA256withECDSAinP1363Format";
                    case "PS256" -> "RSASSA-PSS";
                    default -> "SHA" + algorithm.substring(2) + "withRSA";
                });
        if (algorithm.equals("PS256")) {
            verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        int dot = jwt.lastIndexOf('.');
        verifier.initVerify(keys.getPublic());
        verifier.update(jwt.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
        return verifier.verify(Base64.getUrlDecoder().decode(jwt.substring(dot + 1)));
    }

    private static String jwt(Instant issued, Instant expiry) {
        return base64("{\"alg\":\"none\"}") + "."
                + base64("{\"iss\":\"https://id.example\",\"aud\":[\"orders\",\"payments\"],\"iat\":" + issued.getEpochSecond()
                        + ",\"exp\":" + expiry.getEpochSecond() + "}")
                + ".c2lnbmF0dXJl";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String write(String name, String text) throws Exception {
        return Files.writeString(files.resolve(name), text).toString();
    }

    private static KeyPair rsa(int bits) throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static KeyPair ec() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new java.security.spec.ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private Path pem(KeyPair keys) throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(keys.getPrivate().getEncoded());
        return Files.writeString(
                files.resolve("signing.pem"), "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
    }

    private interface Throwing<T> {
        T get() throws Exception;
    }

    private static <T> T unchecked(Throwing<T> body) {
        try {
            return body.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
