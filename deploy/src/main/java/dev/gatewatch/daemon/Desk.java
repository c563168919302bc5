package dev.gatewatch.daemon;

import dev.gatewatch.alerting.alert.Acknowledgements;
import dev.gatewatch.alerting.alert.InboundAlerts;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.delivery.Deliveries;
import dev.gatewatch.alerting.route.Silences;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import dev.gatewatch.view.Handling.Acknowledgement;
import dev.gatewatch.view.MaintenanceView;
import dev.gatewatch.view.SilenceView;
import dev.gatewatch.web.AlertDesk;
import dev.gatewatch.web.ChangeDesk;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What people do about alerts, done by those whose it is. Safe for many threads. */
record Desk(
        String location,
        Clock clock,
        Supplier<List<AlertView>> alerts,
        Acknowledgements acknowledgements,
        InboundAlerts others,
        Silences silenced,
        Supplier<List<MaintenanceView>> windows,
        Deliveries deliveries,
        ChangeDesk changes)
        implements AlertDesk {
    @Override
    public Optional<Acknowledgement> acknowledge(String alert, String by, String comment) {
        return open(alert).map(a -> acknowledgements.put(a.id(), by, comment, now()));
    }

    @Override
    public boolean withdraw(String alert) {
        return open(alert).flatMap(a -> acknowledgements.remove(a.id())).isPresent();
    }

    private Optional<AlertView> open(String alert) {
        return alerts.get().stream()
                .filter(a -> a.state() != State.RESOLVED)
                .filter(a -> a.id().equals(alert) || a.fingerprint().equals(alert))
                .findFirst();
    }

    @Override
    public List<SilenceView> silences() {
        return silenced.all();
    }

    @Override
    public SilenceView silence(SilenceRequest request) {
        return silenced.create(
                request.matchers(),
                request.startsAt().truncatedTo(ChronoUnit.MILLIS),
                request.endsAt().truncatedTo(ChronoUnit.MILLIS),
                request.by(),
                request.comment(),
                now());
    }

    @Override
    public List<AlertView> covered(List<String> matchers) {
        return silenced.covered(
                matchers, alerts.get().stream().filter(a -> a.state() != State.RESOLVED).toList());
    }

    @Override
    public Optional<SilenceView> expire(String id) {
        return silenced.expire(id, now());
    }

    @Override
    public List<MaintenanceView> maintenance() {
        return windows.get();
    }

    @Override
    public int inbound(byte[] body) {
        return others.take(body, now());
    }

    @Override
    public boolean revive(long notice) {
        return deliveries.revive(notice);
    }

    @Override
    public Optional<ChannelTest> testChannel(String channel) throws InterruptedException {
        return deliveries.test(channel, sample()).map(delivery -> switch (delivery) {
            case Delivery.Delivered _ -> new ChannelTest(true, "the receiver took it");
            case Delivery.Retry retry -> new ChannelTest(false, "not now: " + retry.reason());
            case Delivery.Refused refused -> new ChannelTest(false, "the receiver refuses it: " + refused.reason());
            case Delivery.Broken broken -> new ChannelTest(false, "the channel needs a person: " + broken.reason());
        });
    }

    private AlertView sample() {
        Instant now = now();
        return new AlertView(
                "test-" + Long.toString(now.toEpochMilli(), Character.MAX_RADIX),
                "test",
                "test",
                new Series("gatewatch-test", "", location),
                AlertView.OWN,
                "",
                Severity.INFO,
                State.FIRING,
                Cause.INTERNAL_ERROR,
                "this is a test of the channel: nothing is wrong, and nothing has to be done",
                "",
                now,
                Optional.of(now),
                Optional.empty(),
                "",
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
