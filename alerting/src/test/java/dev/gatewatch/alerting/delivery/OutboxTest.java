package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.alerting.channel.support.AlertSamples.firing;
import static dev.gatewatch.alerting.channel.support.AlertSamples.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.NoticeView;
import dev.gatewatch.view.NoticeView.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private static final AttemptLog.End DONE = new AttemptLog.End(NoticeView.Outcome.DELIVERED, Duration.ofMillis(12), "");

    @TempDir
    Path folder;

    private TestStore store;
    private Outbox outbox;

    @BeforeEach
    void open() {
        store = new TestStore(folder);
        outbox = new Outbox(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void write(String channel, AlertView alert) {
        store.write(tx -> {
            Kind kind = alert.state() == AlertView.State.RESOLVED ? Kind.RESOLVED : Kind.FIRING;
            outbox.insert(tx, Tellings.of(channel, kind, alert), NOW);
            return true;
        });
    }

    private List<Long> ids() {
        return Logs.all(outbox::find).stream().map(NoticeView::id).toList();
    }

    @Test
    void anAlertIsTheSameAfterTheWayThroughTheStore() {
        AlertView plain = firing("a1");
        AlertView odd = AlertSamplesOdd.withEverythingOdd(resolved(plain));
        write("ops", plain);
        write("ops", odd);

        assertThat(outbox.open("ops", 10)).extracting(NoticeRow::alert).containsExactly(plain, odd);
    }

    @Test
    void anAlertOfAnotherVersionIsReadAsFarAsItGoes() {
        AlertView alert = AlertCodec.decode("{\"id\":\"a1\",\"cause\":\"from_the_future\",\"severity\":\"LOUD\",\"unknown\":[1]}");

        assertThat(alert.id()).isEqualTo("a1");
        assertThat(alert.cause()).isEqualTo(Cause.INTERNAL_ERROR);
        assertThat(alert.severity()).isEqualTo(AlertView.Severity.CRITICAL);
        assertThat(alert.labels()).isEmpty();
    }

    @Test
    void whatWasRolledBackWasNeverWritten() {
        try {
            store.write(tx -> {
                outbox.insert(tx, Tellings.of("ops", Kind.FIRING, firing("a1")), NOW);
                throw new IllegalStateException("the judgement failed");
            });
        } catch (IllegalStateException _) {
            // as intended
        }
        assertThat(outbox.open("ops", 10)).isEmpty();
    }

    @Test
    void channelsHaveQueuesOfTheirOwn() {
        write("ops", firing("a1"));
        write("hook", firing("a1"));

        assertThat(outbox.open("ops", 10)).extracting(NoticeRow::id).containsExactly(1L);
        assertThat(outbox.counts("hook")).isEqualTo(new Outbox.Counts(1, 0));
    }

    @Test
    void sentNoticesGoAfterAWeekAndDeadOnesAfterAMonth() {
        write("ops", firing("a1"));
        write("ops", resolved(firing("a1")));
        write("ops", firing("dead"));
        write("ops", firing("waiting"));
        write("ops", firing("newest"));
        outbox.sent(List.of(1L, 2L, 5L), NOW, DONE);
        outbox.dead(List.of(3L), NOW, "refused");

        outbox.prune(NOW.plus(Duration.ofDays(6)));
        assertThat(ids()).containsExactly(5L, 4L, 3L, 2L, 1L);
        outbox.prune(NOW.plus(Duration.ofDays(8)));
        assertThat(ids()).containsExactly(5L, 4L, 3L);
        outbox.prune(NOW.plus(Duration.ofDays(31)));
        assertThat(ids()).as("what waits is kept, and the newest, so that ids go on").containsExactly(5L, 4L);
    }

    @Test
    void aFiringNoticeStaysUntilItsResolveIsThrough() {
        write("ops", firing("long"));
        write("ops", firing("other"));
        outbox.sent(List.of(1L), NOW, DONE);

        outbox.prune(NOW.plus(Duration.ofDays(30)));
        assertThat(ids()).containsExactly(2L, 1L);
        write("ops", resolved(firing("long")));
        outbox.prune(NOW.plus(Duration.ofDays(30)));
        assertThat(ids()).as("the resolve waits").containsExactly(3L, 2L, 1L);
        outbox.sent(List.of(3L), NOW.plus(Duration.ofDays(30)), DONE);
        write("ops", firing("newest"));
        outbox.prune(NOW.plus(Duration.ofDays(31)));
        assertThat(ids()).containsExactly(4L, 3L, 2L);
    }

    @Test
    void idsAreNeverUsedAgain() {
        write("ops", firing("a1"));
        outbox.sent(List.of(1L), NOW, DONE);
        outbox.prune(NOW.plus(Duration.ofDays(365)));
        write("ops", firing("a2"));

        assertThat(outbox.open("ops", 10)).extracting(NoticeRow::id).containsExactly(2L);
    }

    @Test
    void whatWaitsForChannelsThatAreGoneIsGivenUpWithTheReason() {
        write("ops", firing("a1"));
        write("gone", firing("a1"));
        write("gone", firing("a2"));
        outbox.sending(List.of(3L), NOW);

        assertThat(outbox.buryOthers(Set.of("ops"), NOW, "its channel is no longer configured"))
                .containsExactly(new Outbox.Buried("gone", 2));
        assertThat(Logs.of(outbox::find, "gone"))
                .allMatch(row -> row.state() == State.DEAD && row.lastError().contains("no longer configured"));
        assertThat(outbox.open("ops", 10)).hasSize(1);
    }

    @Test
    void theQueueIsFoundWithoutReadingWhatWasSent() {
        List<String> plan = store.read(handle -> handle.createQuery("EXPLAIN QUERY PLAN SELECT * FROM outbox WHERE channel = 'ops'"
                        + " AND state IN ('queued', 'sending') ORDER BY id LIMIT 40")
                .map((rs, _) -> rs.getString("detail"))
                .list());

        assertThat(plan).singleElement().asString().contains("outbox_open");
    }
}
