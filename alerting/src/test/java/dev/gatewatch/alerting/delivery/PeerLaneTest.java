package dev.gatewatch.alerting.delivery;

import static dev.gatewatch.alerting.channel.support.AlertSamples.firing;
import static dev.gatewatch.alerting.channel.support.AlertSamples.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PeerLaneTest {
    private static final Duration REFRESH = Duration.ofMinutes(1);

    private final FakeTime time = new FakeTime();
    private final FakeMirror mirror = new FakeMirror("am1");
    private final PeerLane lane = new PeerLane(
            new NamedChannel("am", "alertmanager", mirror), mirror, 0, time, Backoff.of(new LongestDraw()), DeliveryMetrics.NONE);

    /** What was pushed, batch by batch, by the alerts' ids. */
    private List<List<String>> batches() {
        return mirror.pushes.stream()
                .map(push -> push.alerts().stream().map(AlertView::id).toList())
                .toList();
    }

    private static AlertView endedNow(AlertView alert, FakeTime time) {
        AlertView resolved = resolved(alert);
        return AlertSamples.withTimes(resolved, resolved.startsAt(), Optional.of(time.now()));
    }

    @Test
    void theFirstPictureIsPushedAtOnceAndAgainEveryMinute() throws Exception {
        assertThat(lane.step()).isEqualTo(Lane.UNTIL_WOKEN);
        lane.show(List.of(firing("a"), firing("b")));

        assertThat(lane.step()).isEqualTo(REFRESH);
        time.pass(Duration.ofSeconds(20));
        assertThat(lane.step()).isEqualTo(Duration.ofSeconds(40));
        time.pass(Duration.ofSeconds(40));
        lane.step();

        assertThat(batches()).containsExactly(List.of("a", "b"), List.of("a", "b"));
        assertThat(lane.view().delivered()).as("refreshes are no news").isEqualTo(2);
    }

    @Test
    void changesArePushedAtOnceAndAlone() throws Exception {
        lane.show(List.of(firing("a"), firing("b")));
        lane.step();
        lane.show(List.of(firing("a"), endedNow(firing("b"), time), firing("c")));
        time.pass(Duration.ofSeconds(1));

        assertThat(lane.step()).isEqualTo(Duration.ofSeconds(59));

        assertThat(batches()).containsExactly(List.of("a", "b"), List.of("b", "c"));
    }

    @Test
    void numbersThatChangeWithEveryRunWaitForTheRefresh() throws Exception {
        AlertView slow = AlertSamples.with(firing("a"), Cause.LATENCY_HIGH, "took 812 ms", "");
        lane.show(List.of(slow));
        lane.step();
        lane.show(List.of(AlertSamples.with(slow, Cause.LATENCY_HIGH, "took 813 ms", "")));
        lane.step();
        assertThat(mirror.pushes).hasSize(1);
        lane.show(List.of(AlertSamples.with(slow, Cause.RESPONSE_TIMEOUT, "timed out", "")));
        lane.step();

        assertThat(mirror.pushes).hasSize(2);
        time.pass(REFRESH);
        lane.step();
        assertThat(mirror.pushed(0).getLast().message()).isEqualTo("timed out");
    }

    @Test
    void aResolvedAlertIsRepeatedForFifteenMinutes() throws Exception {
        lane.show(List.of(firing("a")));
        lane.step();
        lane.show(List.of(endedNow(firing("a"), time)));
        for (int minute = 0; minute < 30; minute++) {
            lane.step();
            time.pass(REFRESH);
        }

        assertThat(mirror.pushed(0).stream().filter(a -> a.state() == AlertView.State.RESOLVED))
                .hasSizeBetween(15, 16);
    }

    @Test
    void aPendingAlertIsNobodysBusiness() throws Exception {
        AlertView a = firing("a");
        lane.show(List.of(new AlertView(
                a.id(), a.fingerprint(), a.rule(), a.series(), a.type(), a.target(), a.severity(), AlertView.State.PENDING,
                a.cause(), a.message(), a.evidence(), a.startsAt(), Optional.empty(), a.endsAt(), "", a.labels(),
                a.annotations())));
        lane.step();

        assertThat(mirror.pushes).isEmpty();
    }

    @Test
    void afterFailuresThePeerIsToldTheNewestPictureAndAllOfIt() throws Exception {
        lane.show(List.of(firing("a")));
        lane.step();
        mirror.always((_, _) -> new Delivery.Retry("HTTP 500", Optional.empty()));
        lane.show(List.of(firing("a"), firing("b")));
        assertThat(lane.step()).isEqualTo(Duration.ofSeconds(1));
        assertThat(lane.view().lastError()).isEqualTo("HTTP 500");
        assertThat(lane.view().queued()).isEqualTo(1);
        time.pass(Duration.ofSeconds(1));
        assertThat(lane.step()).isEqualTo(Duration.ofSeconds(2));

        mirror.always((_, _) -> new Delivery.Delivered());
        lane.show(List.of(firing("a"), endedNow(firing("b"), time), firing("c")));
        time.pass(Duration.ofSeconds(2));
        lane.step();

        assertThat(batches().getLast()).containsExactly("a", "b", "c");
        assertThat(mirror.pushed(0).get(mirror.pushed(0).size() - 2).state()).isEqualTo(AlertView.State.RESOLVED);
        assertThat(lane.view().lastError()).isEmpty();
    }

    @Test
    void waitsAfterFailuresStayBelowTheRefresh() throws Exception {
        mirror.always((_, _) -> new Delivery.Retry("HTTP 500", Optional.empty()));
        lane.show(List.of(firing("a")));
        Duration wait = Duration.ZERO;
        for (int i = 0; i < 20; i++) {
            wait = lane.step();
            time.pass(wait);
        }

        assertThat(wait).isEqualTo(REFRESH);
    }

    @Test
    void aPeersWishToWaitIsKept() throws Exception {
        mirror.always((_, _) -> new Delivery.Retry("HTTP 429", Optional.of(Duration.ofMinutes(3))));
        lane.show(List.of(firing("a")));

        assertThat(lane.step()).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(3).plusSeconds(1));
    }

    @Test
    void aPeerThatRefusesUsAltogetherIsTriedAtEachRefresh() throws Exception {
        mirror.always((_, _) -> new Delivery.Broken("HTTP 401"));
        lane.show(List.of(firing("a")));

        assertThat(lane.step()).isEqualTo(REFRESH);
        assertThat(lane.view().lastError()).isEqualTo("HTTP 401");
    }

    @Test
    void manyAlertsGoInBatches() throws Exception {
        lane.show(IntStream.range(0, 600).mapToObj(i -> firing("a" + i)).toList());
        lane.step();

        assertThat(batches().stream().map(List::size)).containsExactly(256, 256, 88);
    }

    @Test
    void theOneBadAlertOfManyIsFoundLeftOutAndNotTriedInALoop() throws Exception {
        mirror.always((_, alerts) -> alerts.stream().anyMatch(a -> a.id().equals("a77"))
                ? new Delivery.Refused("HTTP 400: invalid label")
                : new Delivery.Delivered());
        List<AlertView> all = IntStream.range(0, 300).mapToObj(i -> firing("a" + i)).toList();
        lane.show(all);
        lane.step();
        int searching = mirror.pushes.size();
        assertThat(searching).isLessThan(25);
        assertThat(lane.view().dead()).isEqualTo(1);
        assertThat(lane.view().delivered()).isEqualTo(299);

        for (int minute = 0; minute < 59; minute++) {
            lane.step();
            time.pass(REFRESH);
        }
        assertThat(mirror.pushes.stream().skip(searching).flatMap(p -> p.alerts().stream()).map(AlertView::id))
                .doesNotContain("a77")
                .contains("a76", "a78");
        assertThat(lane.view().lastError()).contains("invalid label");
    }

    @Test
    void aBadAlertThatChangedIsTriedAgain() throws Exception {
        mirror.always((_, alerts) -> alerts.getFirst().labels().containsKey("bad-name")
                ? new Delivery.Refused("HTTP 400")
                : new Delivery.Delivered());
        lane.show(List.of(AlertSamples.withLabels(firing("a"), java.util.Map.of("bad-name", "x"))));
        lane.step();
        lane.show(List.of(firing("a")));
        lane.step();
        lane.step();

        assertThat(mirror.pushes).hasSize(2);
        assertThat(lane.view().delivered()).isEqualTo(1);
    }

    @Test
    void anAlertThatLeftThePictureIsForgotten() throws Exception {
        lane.show(List.of(firing("a")));
        lane.step();
        lane.show(List.of());
        lane.step();
        lane.show(List.of(firing("a")));
        lane.step();

        assertThat(batches()).isEqualTo(Stream.of("a", "a").map(List::of).toList());
    }

    @Test
    void aFaultInAChannelIsTriedAgain() throws Exception {
        mirror.always((_, _) -> {
            throw new IllegalStateException("a bug");
        });
        lane.show(List.of(firing("a")));

        assertThat(lane.step()).isEqualTo(Duration.ofSeconds(1));
        assertThat(lane.view().lastError()).contains("a fault");
    }

    @Test
    void aMirrorThatBeatsIsPushedToEveryMinuteWhilePicturesComeAndNoLonger() throws Exception {
        mirror.beating();
        for (int minute = 0; minute < 3; minute++) {
            lane.show(List.of());
            lane.step();
            time.pass(REFRESH);
        }
        assertThat(batches()).containsExactly(List.of(), List.of(), List.of());

        time.pass(REFRESH); // nothing was judged meanwhile
        lane.step();

        assertThat(batches()).hasSize(3);
    }

    @Test
    void aBeatThatIsRefusedIsTriedAgainLikeAnyPush() throws Exception {
        mirror.beating().always((_, _) -> new Delivery.Refused("HTTP 400"));
        lane.show(List.of());

        assertThat(lane.step()).isEqualTo(REFRESH);
        assertThat(lane.view().lastError()).contains("HTTP 400");
        mirror.always((_, _) -> new Delivery.Delivered());
        time.pass(REFRESH);
        lane.show(List.of());
        lane.step();

        assertThat(lane.view().lastError()).isEmpty();
        assertThat(batches()).hasSize(2);
    }
}
