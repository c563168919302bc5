package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.delivery.DeliveryMetrics.Outcome;
import dev.gatewatch.view.ChannelView;
import dev.gatewatch.view.NoticeView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the notices of one messenger from the outbox to their receiver, strictly in order: a notice that has to be tried again holds
 * up those behind it, so a resolve never overtakes its firing.
 *
 * <p>A receiver may fail at one notice for ever and take every other. So that this one does not silence the rest, after some failures
 * one of another alert is tried as a scout; when scouts arrive and the first fails all the same, the first is given up.
 *
 * <p>A notice is marked as being sent before the attempt and as sent after it. One found marked as being sent was cut off by the
 * daemon's end: it is sent again and says that it may be a repeat. So nothing is lost, and nothing is told as new twice.
 */
final class MessengerLane implements Lane {
    /** How long a broken channel is left alone before it is tried again, should somebody have mended it. */
    static final Duration BROKEN_PAUSE = Duration.ofMinutes(5);

    /** After so many failures in a row a message with several notices is taken apart. */
    private static final int SINGLY_AFTER = 3;

    /** After so many failures in a row every other attempt is made with a scout. */
    static final int SCOUT_AFTER = 8;

    /** So many times must a scout arrive and the first notice fail right after it: a receiver that comes and goes is not the notice's fault. */
    private static final int STRIKES = 3;

    private static final int SCOUT_SEARCH = 100;

    /** So many batches are told one by one when they wait; more are told together. */
    static final int FEW = 2;

    /** How many notices are looked at for one message. */
    private static final int MOST = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(MessengerLane.class);
    private static final Duration PRUNE_EVERY = Duration.ofHours(1);

    // set once
    private final String name;
    private final Outbox outbox;
    private final TimeSource time;
    private final Backoff backoff;
    private final DeliveryMetrics metrics;

    // handed over between threads
    private final AtomicReference<@Nullable NamedChannel> successor = new AtomicReference<>();
    private final AtomicBoolean more = new AtomicBoolean();
    private volatile ChannelView view;

    // confined to the lane's thread
    private NamedChannel channel;
    private Messenger messenger;
    private boolean restored;
    private long spacedUntil;
    private long blockedUntil;
    private boolean receiverAsked;
    private int failures;
    private long failingSince;
    private Instant failedFirst = Instant.EPOCH;
    private Optional<RateLimit> limit;
    private boolean broken;
    private long singlyUpTo;
    private long suspect;
    private int strikes;
    private long pruneAt;
    private @Nullable Settlement unsettled;
    private long delivered;
    private Optional<Instant> lastDelivery = Optional.empty();
    private String lastError = "";

    MessengerLane(NamedChannel channel, Messenger messenger, Outbox outbox, TimeSource time, Backoff backoff, DeliveryMetrics metrics) {
        this.name = channel.name();
        this.channel = channel;
        this.messenger = messenger;
        this.outbox = outbox;
        this.time = time;
        this.backoff = backoff;
        this.metrics = metrics;
        this.spacedUntil = time.nanos();
        this.blockedUntil = time.nanos();
        this.pruneAt = time.nanos();
        this.limit = limitOf(channel);
        this.view = new ChannelView(name, channel.type(), "", 0, 0, 0, "", Optional.empty());
    }

    /** An attempt's end that the outbox may not know of yet: should the store fail in between, it is told before anything else. */
    private record Settlement(List<NoticeRow> notices, Delivery delivery, Duration took) {
        AttemptLog.End end() {
            return switch (delivery) {
                case Delivery.Delivered _ -> new AttemptLog.End(NoticeView.Outcome.DELIVERED, took, "");
                case Delivery.Retry retry -> new AttemptLog.End(NoticeView.Outcome.RETRY, took, retry.reason());
                case Delivery.Refused refused -> new AttemptLog.End(NoticeView.Outcome.REFUSED, took, refused.reason());
                case Delivery.Broken broken -> new AttemptLog.End(NoticeView.Outcome.BROKEN, took, broken.reason());
            };
        }
    }

    @Override
    public String title() {
        return name;
    }

    @Override
    public Health health() {
        if (failures == 0) {
            return lastDelivery.isPresent() ? new Health.Good() : new Health.Open();
        }
        boolean lasts = time.nanos() - failingSince >= Health.PATIENCE.toNanos();
        return broken || lasts ? new Health.Trouble(failedFirst, lastError, broken, view.queued()) : new Health.Open();
    }

    @Override
    public ChannelView view() {
        return view;
    }

    /** A notice was written for this lane, in a transaction that may not hold yet. */
    void expectMore() {
        more.set(true);
    }

    /** Whether notices were written since this was asked last. */
    boolean expectsMore() {
        return more.getAndSet(false);
    }

    /** Lets another channel of this name take over before the next attempt; the one before it is closed then. */
    void replaceWith(NamedChannel next) {
        NamedChannel skipped = successor.getAndSet(next);
        if (skipped != null) {
            skipped.channel().close();
        }
    }

    /** Closes the channel; to be called when no step will follow. */
    void close() {
        NamedChannel next = successor.getAndSet(null);
        if (next != null) {
            next.channel().close();
        }
        messenger.close();
    }

    @Override
    public Duration step() throws InterruptedException {
        takeSuccessor();
        Settlement left = unsettled;
        if (left != null) {
            settle(left);
        }
        if (passed(pruneAt)) {
            outbox.prune(time.now());
            pruneAt = time.nanos() + PRUNE_EVERY.toNanos();
        }
        Duration wait = untilFree();
        if (wait.isZero()) {
            wait = sendNext();
        }
        look();
        return wait;
    }

    private Duration sendNext() throws InterruptedException {
        List<NoticeRow> due = outbox.open(name, Math.clamp(messenger.mostAtOnce(), 1, MOST));
        if (due.isEmpty()) {
            restored = true;
            return UNTIL_WOKEN;
        }
        if (!restored) {
            restored = true;
            // what a receiver asked for before a restart still holds
            Duration asked = Duration.between(time.now(), due.getFirst().nextAt());
            if (asked.isPositive()) {
                blockedUntil = time.nanos() + Math.min(asked.toNanos(), Duration.ofDays(1).toNanos());
                return untilFree();
            }
        }
        List<NoticeRow> told = withoutOrphans(due.getFirst().id() <= singlyUpTo ? due.subList(0, 1) : forOneMessage(due));
        if (told.isEmpty()) {
            return untilFree();
        }
        Optional<NoticeRow> scout = failures >= SCOUT_AFTER && failures % 2 == 0 ? scout() : Optional.empty();
        if (scout.isPresent()) {
            attempt(List.of(scout.get()));
            if (failures == 0) {
                suspect(told.getFirst().id());
            }
        } else {
            attempt(told);
        }
        return untilFree();
    }

    /**
     * What of it goes into one message: a batch, and when several wait as much as there is; of one group, for a receiver that wants that.
     * What may have arrived before is not mixed with what is new, so that a repeat is known for one.
     */
    private List<NoticeRow> forOneMessage(List<NoticeRow> due) {
        NoticeRow head = due.getFirst();
        List<NoticeRow> together;
        if (!messenger.mixesGroups()) {
            together = due.stream().filter(row -> row.group().key().equals(head.group().key())).toList();
        } else if (failures == 0 && due.stream().mapToLong(NoticeRow::batch).distinct().count() <= FEW) {
            together = due.stream().filter(row -> row.batch() == head.batch()).toList();
        } else {
            together = due;
        }
        return together.stream().takeWhile(row -> row.repeats() == head.repeats()).toList();
    }

    private void suspect(long head) {
        if (suspect != head) {
            suspect = head;
            strikes = 0;
        }
        singlyUpTo = Math.max(singlyUpTo, head);
    }

    /** The first notice about another alert than the one at the head; nothing of its own alert is before it. */
    private Optional<NoticeRow> scout() {
        List<NoticeRow> open = outbox.open(name, SCOUT_SEARCH);
        String head = open.getFirst().alert().id();
        return open.stream()
                .filter(row -> !row.alert().id().equals(head))
                .findFirst()
                .filter(row -> row.kind().firing() || !outbox.firingGivenUp(row));
    }

    /** Gives up resolves of what nobody was told of. */
    private List<NoticeRow> withoutOrphans(List<NoticeRow> due) {
        List<NoticeRow> orphans = due.stream()
                .filter(row -> row.kind() == Notice.Kind.RESOLVED && outbox.firingGivenUp(row))
                .toList();
        if (orphans.isEmpty()) {
            return due;
        }
        outbox.dead(ids(orphans), time.now(), "the notice of its beginning was given up, so its end is not told either");
        return due.stream().filter(row -> !orphans.contains(row)).toList();
    }

    /** As many as one message can name. */
    private List<NoticeRow> fitting(List<NoticeRow> rows) {
        return rows.size() == 1 ? rows : rows.subList(0, Math.clamp(messenger.fitting(notices(rows)), 1, rows.size()));
    }

    /** Each with its group as it stands after the message they are all in. */
    private List<Notice> notices(List<NoticeRow> rows) {
        var groups = new HashMap<String, Notice.Group>();
        var lasts = new LinkedHashMap<String, NoticeRow>();
        rows.forEach(row -> lasts.put(row.group().key(), row));
        lasts.forEach((key, last) -> groups.put(
                key,
                new Notice.Group(key, last.group().title(), Math.max(0, last.group().firing() - outbox.stillToCome(last)))));
        return rows.stream()
                .map(row -> new Notice(
                        row.id(),
                        row.channel(),
                        row.kind(),
                        row.alert(),
                        groups.getOrDefault(row.group().key(), row.group()),
                        row.why(),
                        row.createdAt(),
                        row.repeats()))
                .toList();
    }

    private void attempt(List<NoticeRow> chosen) throws InterruptedException {
        List<NoticeRow> rows = fitting(chosen);
        outbox.sending(ids(rows), time.now());
        List<Notice> notices = notices(rows);
        long start = time.nanos();
        Delivery delivery;
        try {
            delivery = messenger.send(notices);
        } catch (RuntimeException e) {
            LOG.error("Channel {} failed for a fault of its own", name, e);
            delivery = new Delivery.Refused("a fault in this type of channel (" + e.getClass().getSimpleName() + ", see the log)");
        }
        long end = time.nanos();
        spacedUntil = end + messenger.spacing().toNanos();
        limit.ifPresent(l -> l.sentAt(start));
        metrics.attempted(name, "", outcome(delivery), rows.size(), Duration.ofNanos(end - start));
        settle(new Settlement(rows, delivery, Duration.ofNanos(end - start)));
    }

    private void settle(Settlement settlement) {
        unsettled = settlement;
        List<NoticeRow> rows = settlement.notices();
        AttemptLog.End end = settlement.end();
        Instant now = time.now();
        switch (settlement.delivery()) {
            case Delivery.Delivered _ -> {
                outbox.sent(ids(rows), now, end);
                recovered();
                delivered += rows.size();
                lastDelivery = Optional.of(now);
            }
            case Delivery.Retry retry -> retry(rows, retry, end, now);
            case Delivery.Refused refused -> refused(rows, refused.reason(), end, now);
            case Delivery.Broken why -> {
                outbox.requeue(ids(rows), now.plus(BROKEN_PAUSE), false, end);
                failing();
                if (!broken) {
                    LOG.warn("Channel {} is broken and needs a person; its notices wait: {}", name, why.reason());
                }
                broken = true;
                failures++;
                lastError = why.reason();
                block(BROKEN_PAUSE);
            }
        }
        unsettled = null;
    }

    private void retry(List<NoticeRow> rows, Delivery.Retry retry, AttemptLog.End end, Instant now) {
        boolean suspected = rows.getFirst().id() == suspect && failures == 0;
        if (suspected && ++strikes >= STRIKES) {
            refused(rows, "the receiver fails at this notice and takes others: " + retry.reason(), end, now);
            return;
        }
        if (rows.size() > 1 && failures + 1 >= SINGLY_AFTER) {
            singlyUpTo = rows.getLast().id();
        }
        Duration wait = retry.after().map(backoff::asAsked).orElseGet(() -> backoff.after(failures + 1));
        outbox.requeue(ids(rows), now.plus(wait), retry.mayHaveArrived(), end);
        failed(retry.reason(), wait);
        receiverAsked = retry.after().isPresent();
        if (suspected) {
            failures = SCOUT_AFTER; // the next scout need not wait for more failures
        }
    }

    private void refused(List<NoticeRow> rows, String reason, AttemptLog.End end, Instant now) {
        if (rows.size() > 1) {
            // one of them may spoil it for all
            outbox.requeue(ids(rows), now, false, end);
            singlyUpTo = rows.getLast().id();
            return;
        }
        outbox.dead(ids(rows), now, reason, end);
        LOG.warn(
                "Channel {} refuses a notice, which is given up: {} ({})",
                name,
                reason,
                rows.getFirst().alert().series().display());
        recovered(); // it answers, after all
        lastError = reason;
    }

    private void failed(String reason, Duration wait) {
        if (failures == 0 || broken) {
            LOG.warn("Channel {} does not take notices for now, trying again: {}", name, reason);
        }
        failing();
        broken = false;
        failures++;
        lastError = reason;
        block(wait);
    }

    private void failing() {
        if (failures == 0) {
            failingSince = time.nanos();
            failedFirst = time.now();
        }
    }

    private void recovered() {
        if (failures > 0) {
            LOG.info("Channel {} takes notices again after {} failed attempts", name, failures);
        }
        failures = 0;
        broken = false;
        receiverAsked = false;
        lastError = "";
    }

    private void takeSuccessor() {
        NamedChannel next = successor.getAndSet(null);
        if (next != null && next.channel() instanceof Messenger newer) {
            messenger.close();
            if (!next.rate().equals(channel.rate())) {
                limit = limitOf(next);
            }
            channel = next;
            messenger = newer;
            if (!receiverAsked) {
                // what was wrong may have been mended; a receiver's own wish stands all the same
                blockedUntil = time.nanos();
            }
        }
    }

    /** A limit that knows what was sent before the daemon's start. */
    private Optional<RateLimit> limitOf(NamedChannel next) {
        return next.rate().map(rate -> {
            var fresh = new RateLimit(rate);
            Instant now = time.now();
            for (Instant arrival : outbox.arrivals(name, now.minus(rate.per()))) {
                fresh.sentAt(time.nanos() - Math.max(0, Duration.between(arrival, now).toNanos()));
            }
            return fresh;
        });
    }

    private void block(Duration wait) {
        blockedUntil = time.nanos() + wait.toNanos();
    }

    /** How long until the next attempt may be made; zero when it may be made now. */
    private Duration untilFree() {
        long now = time.nanos();
        long limited = limit.map(l -> l.untilNext(now).toNanos()).orElse(0L);
        return Duration.ofNanos(Math.max(limited, Math.max(0, Math.max(spacedUntil - now, blockedUntil - now))));
    }

    private boolean passed(long nanos) {
        return time.nanos() - nanos >= 0;
    }

    private void look() {
        Outbox.Counts counts = outbox.counts(name);
        view = new ChannelView(name, channel.type(), "", counts.open(), delivered, counts.dead(), lastError, lastDelivery);
    }

    private static List<Long> ids(List<NoticeRow> rows) {
        return rows.stream().map(NoticeRow::id).toList();
    }

    static Outcome outcome(Delivery delivery) {
        return switch (delivery) {
            case Delivery.Delivered _ -> Outcome.DELIVERED;
            case Delivery.Retry _ -> Outcome.RETRY;
            case Delivery.Refused _ -> Outcome.REFUSED;
            case Delivery.Broken _ -> Outcome.BROKEN;
        };
    }
}
