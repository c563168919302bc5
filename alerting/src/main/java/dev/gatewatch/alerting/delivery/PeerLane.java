package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Channel.Mirror;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.ChannelView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one peer of a mirror up to date: changes at once, everything again at each refresh. Nothing of it is durable: after a restart
 * the next picture is pushed whole.
 */
final class PeerLane implements Lane {
    /** A refused alert is tried again after this, should the peer have changed its mind (or its version). */
    static final Duration BAD_FOR = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(PeerLane.class);

    // set once
    private final String name;
    private final String type;
    private final Mirror mirror;
    private final int peer;
    private final String peerName;
    private final TimeSource time;
    private final Backoff backoff;
    private final DeliveryMetrics metrics;

    // handed over between threads
    private volatile @Nullable List<AlertView> picture;
    private volatile long shownAt;
    private volatile ChannelView view;

    // confined to the lane's thread
    private final Map<String, Gist> accepted = new HashMap<>();
    private final Map<String, Bad> bad = new HashMap<>();
    private long refreshAt;
    private long blockedUntil;
    private int failures;
    private boolean broken;
    private long failingSince;
    private Instant failedFirst = Instant.EPOCH;
    private long delivered;
    private Optional<Instant> lastDelivery = Optional.empty();
    private String lastError = "";

    PeerLane(NamedChannel channel, Mirror mirror, int peer, TimeSource time, Backoff backoff, DeliveryMetrics metrics) {
        this.name = channel.name();
        this.type = channel.type();
        this.mirror = mirror;
        this.peer = peer;
        this.peerName = mirror.peers().get(peer);
        this.time = time;
        this.backoff = backoff.atMost(mirror.refresh());
        this.metrics = metrics;
        this.refreshAt = time.nanos();
        this.blockedUntil = time.nanos();
        this.view = new ChannelView(name, type, peerName, 0, 0, 0, "", Optional.empty());
    }

    /** What of an alert is worth telling at once. Messages with numbers change at each run and wait for the refresh. */
    private record Gist(AlertView.State state, AlertView.Severity severity, Cause cause, Instant startsAt, Map<String, String> labels) {
        static Gist of(AlertView alert) {
            return new Gist(alert.state(), alert.severity(), alert.cause(), alert.startsAt(), alert.labels());
        }
    }

    /** An alert that the peer refused, and since when (in nanoseconds) that is known. */
    private record Bad(Gist gist, long since) {}

    @Override
    public String title() {
        return name + " " + peerName;
    }

    @Override
    public Health health() {
        if (failures == 0) {
            return lastDelivery.isPresent() ? new Health.Good() : new Health.Open();
        }
        boolean lasts = time.nanos() - failingSince >= Health.PATIENCE.toNanos();
        return broken || lasts ? new Health.Trouble(failedFirst, lastError, broken, 0) : new Health.Open();
    }

    @Override
    public ChannelView view() {
        return view;
    }

    /** All that this peer should know now; never changed after. */
    void show(List<AlertView> alerts) {
        shownAt = time.nanos();
        picture = alerts;
    }

    Optional<List<AlertView>> picture() {
        return Optional.ofNullable(picture);
    }

    @Override
    public Duration step() throws InterruptedException {
        List<AlertView> present = picture;
        if (present == null) {
            return UNTIL_WOKEN;
        }
        Duration wait = until(blockedUntil);
        if (!wait.isZero()) {
            look(changed(present).size());
            return wait;
        }
        forgetOthers(present);
        boolean whole = until(refreshAt).isZero();
        List<AlertView> due = whole ? current(present) : changed(present);
        for (int from = 0; from < due.size(); from += mirror.mostAtOnce()) {
            if (!push(due.subList(from, Math.min(due.size(), from + mirror.mostAtOnce())))) {
                refreshAt = time.nanos(); // it may have lost everything meanwhile
                look(changed(present).size());
                return until(blockedUntil);
            }
        }
        boolean beats = whole && due.isEmpty() && mirror.beats() && isJudging();
        if (beats && !push(List.of())) {
            look(0);
            return until(blockedUntil);
        }
        if (beats || !due.isEmpty()) {
            recovered();
        }
        if (whole) {
            refreshAt = time.nanos() + mirror.refresh().toNanos();
        }
        look(0);
        return until(refreshAt);
    }

    /** Whether pictures still come: a beat must not outlive the judging. */
    private boolean isJudging() {
        return time.nanos() - shownAt < mirror.refresh().multipliedBy(2).toNanos();
    }

    /** Pushes a batch, or what of it the peer takes; answers false when the peer takes nothing for now. */
    private boolean push(List<AlertView> batch) throws InterruptedException {
        long start = time.nanos();
        Delivery delivery;
        try {
            delivery = mirror.push(peer, batch, time.now());
        } catch (RuntimeException e) {
            LOG.error("Channel {} failed for a fault of its own", name, e);
            delivery = new Delivery.Retry("a fault in this type of channel (" + e.getClass().getSimpleName() + ", see the log)", Optional.empty());
        }
        metrics.attempted(name, peerName, MessengerLane.outcome(delivery), batch.size(), Duration.ofNanos(time.nanos() - start));
        return switch (delivery) {
            case Delivery.Delivered _ -> accepted(batch);
            case Delivery.Retry retry -> {
                broken = false;
                yield failed(retry.reason(), retry.after().map(backoff::asAsked).orElseGet(() -> backoff.after(failures + 1)));
            }
            case Delivery.Broken why -> {
                broken = true;
                yield failed(why.reason(), mirror.refresh());
            }
            case Delivery.Refused refused ->
                batch.isEmpty() ? failed(refused.reason(), mirror.refresh()) : refused(batch, refused.reason());
        };
    }

    private boolean accepted(List<AlertView> batch) {
        for (AlertView alert : batch) {
            Gist gist = Gist.of(alert);
            if (!gist.equals(accepted.put(alert.id(), gist))) {
                delivered++;
            }
        }
        lastDelivery = Optional.of(time.now());
        return true;
    }

    /** Looks for the one alert that spoils a batch by halving it; the peer may take what it took already once more. */
    private boolean refused(List<AlertView> batch, String reason) throws InterruptedException {
        if (batch.size() == 1) {
            giveUp(batch.getFirst(), reason);
            return true;
        }
        int middle = batch.size() / 2;
        return push(batch.subList(0, middle)) && push(batch.subList(middle, batch.size()));
    }

    private void giveUp(AlertView alert, String reason) {
        bad.put(alert.id(), new Bad(Gist.of(alert), time.nanos()));
        lastError = reason;
        LOG.warn("{} at {} refuses an alert, which is left out from now on: {} ({}, rule {})",
                name, peerName, reason, alert.series().display(), alert.rule());
    }

    private boolean failed(String reason, Duration wait) {
        if (failures == 0) {
            LOG.warn("{} at {} takes no alerts for now, trying again: {}", name, peerName, reason);
            failingSince = time.nanos();
            failedFirst = time.now();
        }
        failures++;
        lastError = reason;
        blockedUntil = time.nanos() + wait.toNanos();
        return false;
    }

    private void recovered() {
        if (failures > 0) {
            LOG.info("{} at {} takes alerts again after {} failed attempts", name, peerName, failures);
        }
        failures = 0;
        broken = false;
        if (bad.isEmpty()) {
            lastError = "";
        }
    }

    private List<AlertView> changed(List<AlertView> present) {
        return current(present).stream()
                .filter(alert -> !Gist.of(alert).equals(accepted.get(alert.id())))
                .toList();
    }

    /** What the peer should hear of: not what is only pending, ended long ago, or was refused. */
    private List<AlertView> current(List<AlertView> present) {
        Instant ended = time.now().minus(mirror.repeatResolved());
        return present.stream()
                .filter(alert -> alert.state() != AlertView.State.PENDING)
                .filter(alert -> alert.state() != AlertView.State.RESOLVED
                        || alert.endsAt().map(end -> end.isAfter(ended)).orElse(true))
                .filter(alert -> !isBad(alert))
                .toList();
    }

    private boolean isBad(AlertView alert) {
        Bad known = bad.get(alert.id());
        return known != null
                && known.gist().equals(Gist.of(alert))
                && time.nanos() - known.since() < BAD_FOR.toNanos();
    }

    private void forgetOthers(List<AlertView> present) {
        Set<String> ids = present.stream().map(AlertView::id).collect(Collectors.toSet());
        accepted.keySet().retainAll(ids);
        bad.keySet().retainAll(ids);
    }

    private Duration until(long nanos) {
        return Duration.ofNanos(Math.max(0, nanos - time.nanos()));
    }

    private void look(int waiting) {
        view = new ChannelView(name, type, peerName, waiting, delivered, bad.size(), lastError, lastDelivery);
    }
}
