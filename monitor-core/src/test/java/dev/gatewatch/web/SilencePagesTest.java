package dev.gatewatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The form that notices lead to. */
final class SilencePagesTest {
    private final Client client = new Client(Client.OPEN, SampleWorld.incident(new FakeClock()));

    @AfterEach
    void stop() {
        client.close();
    }

    private HttpResponse<String> submit(String form, String... headers) throws Exception {
        var all = new java.util.ArrayList<>(java.util.List.of("Content-Type", "application/x-www-form-urlencoded"));
        all.addAll(java.util.List.of(headers));
        return client.sendBody("POST", "/silences/new", form, all.toArray(String[]::new));
    }

    private static String in(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void theMatchersOfALinkAreFilledInAndShownWithWhatTheyCover() throws Exception {
        String page = client.get("/silences/new?matcher=" + in("probe=gateway-health") + "&matcher=" + in("rule=gateway-down")).body();

        assertThat(page)
                .contains("name=\"matcher\" value=\"probe=gateway-health\"", "name=\"matcher\" value=\"rule=gateway-down\"")
                .contains("name=\"matcher\" value=\"\"")
                .contains("It would silence 1 of 5 open alerts", "3 of 3 runs failed: status 500")
                .contains("datetime=\"2026-03-02T14:00:00Z\"")
                .doesNotContain("ledger-port");
    }

    @Test
    void anAlertsIdFillsInWhatMeansIt() throws Exception {
        assertThat(client.get("/silences/new?alert=91d0").body())
                .contains("value=\"rule=slow\"", "value=\"probe=checkout\"", "value=\"region=ap\"");
        assertThat(client.get("/silences/new?alert=gone").body()).contains("Say who matches");
        assertThat(client.get("/alerts").body()).contains("href=\"/silences/new?alert=91d0\"");
    }

    @Test
    void withNothingFilledInItAsks() throws Exception {
        assertThat(client.get("/silences/new").body()).contains("Say who matches", "placeholder=\"probe=gateway-health\"");
        assertThat(client.get("/silences").body()).contains("href=\"/silences/new\"");
    }

    @Test
    void whatCoversNothingIsSaid() throws Exception {
        assertThat(client.get("/silences/new?matcher=" + in("probe=gatewai")).body()).contains("It would silence none of the 5 open alerts");
    }

    @Test
    void whatIsWrongIsSaidBesideWhatWasFilledIn() throws Exception {
        assertThat(client.get("/silences/new?matcher=nonsense").body()).contains("&quot;nonsense&quot; is no matcher", "value=\"nonsense\"");
        assertThat(client.get("/silences/new?matcher=a%3Db&duration=soon").body()).contains("a silence lasts a time as 30m, 2h, 1d");

        HttpResponse<String> refused = submit("matcher=&duration=8h&by=bob&comment=%3Cb%3Edeploy");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("would silence everything", "<option selected>8h</option>", "value=\"bob\"", "value=\"&lt;b&gt;deploy\"")
                .contains("data-refresh=\"0\"");
        assertThat(submit("matcher=a%3Db&duration=99999d").body()).contains("a year at most");
    }

    @Test
    void itIsMadeAndListed() throws Exception {
        HttpResponse<String> made = submit("matcher=" + in("probe=~ledger.*") + "&matcher=&duration=30m&by=bob&comment=restart");

        assertThat(made.statusCode()).isEqualTo(303);
        assertThat(made.headers().firstValue("Location")).contains("/silences");
        var silence = client.json("/api/v1/silences").get(0);
        assertThat(silence.get("matchers")).hasSize(1);
        assertThat(silence.get("by").asString()).isEqualTo("bob");
        assertThat(Duration.between(
                        java.time.Instant.parse(silence.get("startsAt").asString()), java.time.Instant.parse(silence.get("endsAt").asString())))
                .hasMinutes(30);
        assertThat(client.get("/silences").body()).contains("probe=~ledger.*", "restart");
    }

    @Test
    void onlyAnOperatorOnOurOwnPageMakesOne() throws Exception {
        assertThat(submit("matcher=a%3Db&duration=2h", "Origin", "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(submit("matcher=a%3Db&duration=2h", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
        var settings = Client.settings(
                Client.identity("ada", "operator-secret", Role.OPERATOR), Client.identity("eve", "viewer-secret-1", Role.VIEWER));
        try (var guarded = new Client(settings, SampleWorld.incident(new FakeClock()))) {
            String form = "matcher=a%3Db&duration=2h&by=";
            assertThat(guarded.sendBody("POST", "/silences/new", form).statusCode()).isEqualTo(401);
            assertThat(guarded.sendBody("POST", "/silences/new", form, "Authorization", Client.basic("eve", "viewer-secret-1")).statusCode())
                    .isEqualTo(403);
            assertThat(guarded.sendBody(
                                    "POST", "/silences/new", form,
                                    "Authorization", Client.basic("ada", "operator-secret"),
                                    "Content-Type", "application/x-www-form-urlencoded")
                            .statusCode())
                    .isEqualTo(303);
            assertThat(guarded.get("/silences", "Authorization", Client.basic("eve", "viewer-secret-1")).body()).contains("<td>ada</td>");
        }
    }

    @Test
    void hostileInputBreaksNothing() throws Exception {
        String page = client.get("/silences/new?matcher=" + in("probe=\"><script>alert(1)</script>") + "&by=%22%3E%3Cscript%3E&duration=%3Cb%3E").body();
        assertThat(page).doesNotContain("<script>alert", "\"><script>").contains("&lt;script&gt;");
        assertThat(client.get("/silences/new?matcher=" + "a%3Db&matcher=".repeat(200) + "a%3Db").statusCode()).isEqualTo(200);
        assertThat(client.get("/silences/new?matcher=" + "x".repeat(5_000)).statusCode()).isEqualTo(200);
        assertThat(submit("matcher=" + "x".repeat(70_000)).statusCode()).isEqualTo(413);
        assertThat(submit("matcher=%00%FF&duration=%00").statusCode()).isEqualTo(400);
    }
}
