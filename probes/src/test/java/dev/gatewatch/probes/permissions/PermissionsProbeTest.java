package dev.gatewatch.probes.permissions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a matrix of identities and actions shows, and what it calls the ways in which it is wrong. */
final class PermissionsProbeTest {
    private Till till;

    @BeforeEach
    void start() throws Exception {
        till = new Till();
    }

    @AfterEach
    void stop() {
        till.close();
    }

    @Test
    void aMatrixAsItShouldBePassesWithItsCells() throws Exception {
        Report report = run(till.config(Map.of()));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(fact(report, "cells")).isEqualTo(6L);
        assertThat(fact(report, "excess")).isEqualTo(0L);
        assertThat(fact(report, "allowed.admin/refund")).isEqualTo(true);
        assertThat(fact(report, "allowed.cashier/refund")).isEqualTo(false);
        assertThat(fact(report, "allowed.stranger/order")).isEqualTo(false);
        assertThat(report.facts()).containsKey("cell_latency.admin/order");
        assertThat(report.phases()).containsOnlyKeys("matrix");
    }

    @Test
    void aRightTooManyIsTheWorstAndNamedFirst() throws Exception {
        till.may.put("cashier-token", List.of("order", "refund"));
        till.may.put("admin-token", List.of("order"));

        Report report = run(till.config(Map.of()));

        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.cause()).contains(Cause.PERMISSION_EXCESS);
        assertThat(report.message())
                .isEqualTo("allowed that must be denied: cashier/refund (200 OK); denied that must be allowed: admin/refund (403"
                        + " Client Error AccessDenied: \"no refund for you\")");
        assertThat(evidence(report))
                .contains("! cashier/refund                   expected deny   got allowed  200 OK")
                .contains("! admin/refund                     expected allow  got denied ")
                .contains("  cashier/order                    expected allow  got allowed");
        assertThat(fact(report, "excess")).isEqualTo(1L);
        assertThat(fact(report, "missing")).isEqualTo(1L);
    }

    @Test
    void aMissingRightIsNamed() throws Exception {
        till.may.put("cashier-token", List.of());

        Report report = run(till.config(Map.of()));

        assertThat(report.cause()).contains(Cause.PERMISSION_MISSING);
        assertThat(report.message()).startsWith("denied that must be allowed: cashier/order (403");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "403 | text/plain | no",
        "400 | application/json | {'__type':'com.amazonaws.dynamodb.v20120810#AccessDeniedException','message':'User: arn:aws:iam::1:user/x is not authorized'}",
        "400 | application/json | {'Code':'Forbidden.RAM','Message':'no'}",
        "200 | application/json | {'Response':{'Error':{'Code':'AuthFailure.UnauthorizedOperation','Message':'no'},'RequestId':'1'}}",
        "404 | application/json | {'error':{'code':404,'message':'The caller does not have permission','status':'PERMISSION_DENIED'}}",
        "409 | application/json | {'kind':'Status','status':'Failure','reason':'Forbidden','code':403}",
        "400 | application/json | {'error':'insufficient_scope','error_description':'needs refund'}",
        "400 | application/xml  | <?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
        "400 | text/xml         | <ErrorResponse xmlns='https://iam.amazonaws.com/doc/2010-05-08/'><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: iam:X</Message></Error></ErrorResponse>",
        "400 | text/xml         | <Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>",
    })
    void aLackOfRightsIsUnderstoodInManyShapes(int status, String type, String body) throws Exception {
        till.instead = who -> who.equals("cashier-token")
                ? new MockResponse.Builder().code(status).addHeader("Content-Type", type).body(body.replace('\'', '"')).build()
                : null;

        Report report = run(till.config(Map.of()));

        assertThat(report.cause()).as(report.toString()).contains(Cause.PERMISSION_MISSING);
        assertThat(report.message()).startsWith("denied that must be allowed: cashier/order (" + status);
        assertThat(fact(report, "allowed.cashier/refund")).isEqualTo(false);
    }

    @Test
    void aScopeThatIsTooNarrowIsALackOfRights() throws Exception {
        till.instead = who -> who.equals("cashier-token")
                ? new MockResponse.Builder()
                        .code(400)
                        .addHeader("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"orders\"")
                        .build()
                : null;

        assertThat(run(till.config(Map.of())).cause()).contains(Cause.PERMISSION_MISSING);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "500 | oops                                                    | HTTP_STATUS",
        "503 | busy                                                    | SERVER_OVERLOADED",
        "429 | slow                                                    | RATE_LIMITED",
        "401 | {'error':'invalid_token'}                               | CREDENTIAL_REJECTED",
        "401 | {'code':'TOKEN_EXPIRED','message':'token expired'}      | TOKEN_EXPIRED",
        "403 | {'__type':'ExpiredTokenException','message':'x'}        | TOKEN_EXPIRED",
        "403 | {'__type':'UnrecognizedClientException','message':'x'}  | CREDENTIAL_REJECTED",
        "403 | <Error><Code>InvalidAccessKeyId</Code></Error>          | CREDENTIAL_REJECTED",
        "302 | elsewhere                                               | HTTP_STATUS",
        "404 | not here                                                | HTTP_STATUS",
    })
    void anAnswerThatIsNeitherHasACauseOfItsOwn(int status, String body, Cause cause) throws Exception {
        till.instead = who -> who.equals("cashier-token")
                ? new MockResponse.Builder().code(status).body(body.replace('\'', '"')).build()
                : null;

        Report report = run(till.config(Map.of()));

        assertThat(report.cause()).as(report.toString()).contains(cause);
        assertThat(report.message()).startsWith("cashier/order: ").endsWith("(and 1 more of 6 cells)");
        assertThat(fact(report, "unclear")).isEqualTo(2L);
        assertThat(fact(report, "allowed.cashier/order")).isEqualTo("absent");
    }

    @Test
    void aHiddenResourceMayCountAsRefused() throws Exception {
        till.refusal = 404;

        assertThat(run(till.config(Map.of())).cause()).contains(Cause.REQUEST_REFUSED);
        assertThat(run(till.config(Map.of("refused", List.of(403, 404)))).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aRedirectToALoginIsNotFollowedToASuccess() throws Exception {
        till.instead = who -> who.isEmpty()
                ? new MockResponse.Builder().code(302).addHeader("Location", till.url() + "/login").build()
                : null;

        assertThat(run(till.config(Map.of("refused", List.of(302, 403)))).outcome()).isEqualTo(Outcome.PASS);
        assertThat(till.asked).doesNotContain("/login");
    }

    @Test
    void aStrangerWhoMayComeAndIsAskedForACredentialMissesIt() throws Exception {
        var actions = till.actions();
        actions.put("order", Map.of("path", "/order", "allow", List.of("admin", "cashier", "stranger")));

        Report report = run(till.config(Map.of("actions", actions)));

        assertThat(report.cause()).contains(Cause.CREDENTIAL_MISSING);
        assertThat(report.message()).startsWith("stranger/order: status 401");
    }

    @Test
    void aCellThatIsOutOfTimeIsDistinctFromOneThatIsRefused() throws Exception {
        till.instead = who -> who.equals("cashier-token")
                ? new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build()
                : null;

        Report report = run(till.config(Map.of()), Duration.ofMillis(500));

        assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
        assertThat(fact(report, "allowed.admin/refund")).isEqualTo(true);
    }

    @Test
    void cellsThatWereNotReachedAreSaid() throws Exception {
        till.instead = _ -> new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();

        Report report = run(till.config(Map.of("concurrency", 1)), Duration.ofMillis(300));

        assertThat(report.cause()).contains(Cause.RESPONSE_TIMEOUT);
        assertThat(evidence(report)).contains("not tried: the others took all of 300ms");
        // no time is not zero seconds
        assertThat(report.facts().keySet().stream().filter(f -> f.startsWith("cell_latency."))).hasSize(1);
    }

    @Test
    void anExcessIsNotHiddenByACellThatSaysNothing() throws Exception {
        till.may.put("cashier-token", List.of("order", "refund"));
        till.instead = who -> who.isEmpty() ? new MockResponse.Builder().code(500).build() : null;

        Report report = run(till.config(Map.of()));

        assertThat(report.cause()).contains(Cause.PERMISSION_EXCESS);
        assertThat(report.message()).endsWith("; 2 of 6 cells say nothing");
    }

    @Test
    void noMoreRequestsThanConfiguredAreUnderWayAtOnce() throws Exception {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        till.around = delta -> most.accumulateAndGet(now.addAndGet(delta), Math::max);
        till.delay = Duration.ofMillis(30);

        run(till.config(Map.of("concurrency", 2)));

        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void whoIsSkippedDoesNotTry() throws Exception {
        var actions = till.actions();
        actions.put("refund", Map.of("path", "/refund", "method", "POST", "allow", List.of("admin"), "skip", List.of("admin")));

        Report report = run(till.config(Map.of("actions", actions)));

        assertThat(fact(report, "cells")).isEqualTo(5L);
        assertThat(report.facts()).doesNotContainKey("allowed.admin/refund");
    }

    @Test
    void hostileXmlIsReadWithinBounds() throws Exception {
        String bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>"
                + "<Error><Code>&c;&b;</Code></Error>";
        for (String body : List.of(bomb, "<a>".repeat(20_000), "<Error><Code>" + "x".repeat(30_000), "<".repeat(60_000))) {
            till.instead = _ -> new MockResponse.Builder().code(400).body(body).build();

            Report report = run(till.config(Map.of()));

            assertThat(report.cause()).as(body.substring(0, 20)).contains(Cause.HTTP_STATUS);
            assertThat(report.toString()).doesNotContain("root:");
        }
    }

    @Test
    void mistakesAreTold() {
        assertThat(problems(Map.of("actions", Map.of("refund", Map.of("path", "/refund", "allow", List.of("boss"))))))
                .containsExactly("actions.refund.allow: no identity is called \"boss\"; there are: admin, cashier, stranger");
        assertThat(problems(Map.of("actions", Map.of("refund", Map.of("path", "refund", "allow", List.of())))))
                .singleElement()
                .asString()
                .contains("actions.refund.path: expected a path that begins with /");
        assertThat(problems(Map.of("actions", Map.of())))
                .containsExactly("actions: there is nothing to try: name at least one identity and one action");
        assertThat(problems(Map.of(
                        "identities",
                        Map.of("admin", Map.of("auth", Map.of("bearer", "x"), "headers", Map.of("Authorization", "y"))),
                        "actions",
                        Map.of("a", Map.of("allow", List.of())))))
                .containsExactly("identities.admin.headers: auth and an Authorization header say the same thing; keep one");
    }

    private List<String> problems(Map<String, ?> over) {
        return Sections.problems(new PermissionsProbeType(), till.config(over));
    }

    static Report run(Map<String, ?> config) throws Exception {
        return run(config, Duration.ofSeconds(20));
    }

    static Report run(Map<String, ?> config, Duration timeout) throws Exception {
        try (Probe probe = Sections.probe(new PermissionsProbeType(), config)) {
            return Runs.once(probe, timeout);
        }
    }

    private static Object fact(Report report, String name) {
        var fact = report.facts().get(name);
        return fact == null ? "absent" : fact.value();
    }

    private static String evidence(Report report) {
        return report.evidence().stream().map(Evidence::toString).collect(Collectors.joining("\n"));
    }
}
