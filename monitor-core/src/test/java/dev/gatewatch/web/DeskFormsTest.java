package dev.gatewatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The buttons of the page. */
final class DeskFormsTest {
    private final Client client = new Client(Client.OPEN, SampleWorld.incident(new FakeClock()));

    @AfterEach
    void stop() {
        client.close();
    }

    private HttpResponse<String> submit(String path, String form) throws Exception {
        return client.sendBody("POST", path, form, "Content-Type", "application/x-www-form-urlencoded");
    }

    @Test
    void theAlertsPageShowsWhoTakesCareAndWhatHoldsBack() throws Exception {
        String page = client.get("/alerts").body();

        assertThat(page)
                .contains("Acknowledged by ada", "restarting the ledger")
                .contains("Nobody is told: silence s1.")
                .contains("It comes and goes")
                .contains("3 probes depend on it", "checkout, refund, token")
                .contains("action=\"/alerts/7f3a/acknowledge\"");
    }

    @Test
    void anAlertIsAcknowledgedFromItsCard() throws Exception {
        HttpResponse<String> done = submit("/alerts/7f3a/acknowledge", "by=bob&comment=on+it");

        assertThat(done.statusCode()).isEqualTo(303);
        assertThat(done.headers().firstValue("Location")).contains("/alerts");
        assertThat(submit("/alerts/gone/acknowledge", "by=bob").statusCode()).isEqualTo(404);
        assertThat(submit("/alerts/7f3a/withdraw", "").statusCode()).isEqualTo(303);
    }

    @Test
    void aSilenceIsMadeForTheProbeAndEndedFromItsPage() throws Exception {
        assertThat(submit("/alerts/91d0/silence", "duration=30m&by=bob&comment=%3Cb%3Edeploy").statusCode()).isEqualTo(303);

        String page = client.get("/silences").body();
        assertThat(page).contains("probe=checkout  region=ap", "&lt;b&gt;deploy", "nightly", "daily 02:00–03:00 Europe/Berlin");
        assertThat(submit("/silences/s1/end", "").statusCode()).isEqualTo(303);
        assertThat(submit("/alerts/91d0/silence", "duration=soon").body()).contains("duration should be a time as 30m");
    }

    @Test
    void aForeignPageCannotPushTheButtons() throws Exception {
        assertThat(client.sendBody("POST", "/alerts/7f3a/acknowledge", "by=eve", "Origin", "https://evil.example").statusCode())
                .isEqualTo(403);
    }
}
