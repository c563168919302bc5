package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.Channel.Mirror;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.store.Store;
import dev.gatewatch.store.StoreException;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.ChannelView;
import dev.gatewatch.view.NoticeLog;
import dev.gatewatch.view.NoticeView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of notices to their channels. Each messenger, and each peer of each mirror, has a lane with a thread of its own, so nothing
 * waits for a receiver but its own queue: not judging, not the other receivers. Safe for many threads.
 */
public final class Deliveries implements Dispatch, NoticeLog, AutoCloseable {
    /** How long {@link #close} goes on delivering. */
    public static final Duration GRACE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    /** How long the end of a removed channel's attempt is waited for. */
    private static final Duration REMOVAL_GRACE = Duration.ofSeconds(1);

    private final Outbox outbox;
    private final Troubles troubles;
    private final DeliveryMetrics metrics;
    private final TimeSource time;
    private final Backoff backoff;
    private final Duration grace;

    private final ReentrantLock changing = new ReentrantLock();
    private volatile SequencedMap<String, Running> running = Collections.unmodifiableSequencedMap(new LinkedHashMap<>());
    private boolean closed; // guarded by changing

    /**
     * Nothing is delivered before the first {@link #reconfigure}.
     *
     * @param location where this daemon runs, for alerts about its channels
     */
    public Deliveries(Store store, DeliveryMetrics metrics, String location) {
        this(store, metrics, TimeSource.system(), () -> ThreadLocalRandom.current().nextLong(), GRACE, location);
    }

    Deliveries(Store store, DeliveryMetrics metrics, TimeSource time, RandomGenerator random, Duration grace, String location) {
        this.outbox = new Outbox(store);
        this.troubles = new Troubles(store, outbox, location);
        this.metrics = metrics;
        this.time = time;
        this.backoff = Backoff.of(random);
        this.grace = grace;
    }

    /** A channel and its lanes at work. */
    private sealed interface Running {
        NamedChannel channel();

        List<LaneThread> threads();

        List<? extends Lane> lanes();
    }

    private record RunningMessenger(NamedChannel channel, MessengerLane lane, LaneThread thread) implements Running {
        @Override
        public List<LaneThread> threads() {
            return List.of(thread);
        }

        @Override
        public List<Lane> lanes() {
            return List.of(lane);
        }
    }

    private record RunningMirror(NamedChannel channel, List<PeerLane> lanes, List<LaneThread> threads) implements Running {}

    /**
     * Delivers through these channels from now on, and closes those it used before. Notices that wait for a messenger of the same name go
     * on waiting for it, and a receiver's wish to be left alone stands. What waits for other channels is given up, with the reason, and
     * logged. Made before new rules and routes come into force, it never leaves them without a channel.
     */
    public void reconfigure(List<NamedChannel> channels) {
        changing.lock();
        try {
            if (closed) {
                channels.forEach(channel -> channel.channel().close());
                return;
            }
            requireUniqueNames(channels);
            var gone = new LinkedHashMap<>(running);
            var after = new LinkedHashMap<String, Running>();
            var fresh = new ArrayList<Running>();
            for (NamedChannel channel : channels) {
                Running old = gone.get(channel.name());
                Running next = kept(old, channel);
                if (next == null) {
                    next = made(channel, old);
                    fresh.add(next);
                } else {
                    gone.remove(channel.name());
                }
                after.put(channel.name(), next);
            }
            running = Collections.unmodifiableSequencedMap(after);
            end(gone.values(), REMOVAL_GRACE);
            bury(after);
            forgetTroubles(after);
            fresh.forEach(r -> r.threads().forEach(LaneThread::start));
        } finally {
            changing.unlock();
        }
    }

    private static void requireUniqueNames(List<NamedChannel> channels) {
        var names = new HashSet<String>();
        for (NamedChannel channel : channels) {
            if (!names.add(channel.name())) {
                throw new IllegalArgumentException("two channels are called " + channel.name());
            }
        }
    }

    /** What goes on under this name, where it can. */
    private static @Nullable Running kept(@Nullable Running old, NamedChannel channel) {
        if (old == null) {
            return null;
        }
        if (old.channel().channel().equals(channel.channel())) {
            return old;
        }
        if (old instanceof RunningMessenger messenger && channel.channel() instanceof Messenger) {
            messenger.lane().replaceWith(channel);
            messenger.thread().wake();
            return new RunningMessenger(channel, messenger.lane(), messenger.thread());
        }
        return null;
    }

    private Running made(NamedChannel channel, @Nullable Running old) {
        String name = channel.name();
        return switch (channel.channel()) {
            case Messenger messenger -> {
                var lane = new MessengerLane(channel, messenger, outbox, time, backoff, metrics);
                yield new RunningMessenger(channel, lane, new LaneThread(lane, time, stepped -> look(name, stepped)));
            }
            case Mirror mirror -> {
                var lanes = new ArrayList<PeerLane>();
                for (int peer = 0; peer < mirror.peers().size(); peer++) {
                    var lane = new PeerLane(channel, mirror, peer, time, backoff, metrics);
                    if (old instanceof RunningMirror before && !before.lanes().isEmpty()) {
                        before.lanes().getFirst().picture().ifPresent(lane::show);
                    }
                    lanes.add(lane);
                }
                yield new RunningMirror(
                        channel,
                        List.copyOf(lanes),
                        lanes.stream().map(lane -> new LaneThread(lane, time, stepped -> look(name, stepped))).toList());
            }
        };
    }

    private void bury(Map<String, Running> present) {
        Set<String> messengers = messengersOf(present);
        for (Outbox.Buried buried : outbox.buryOthers(messengers, time.now(), "its channel is no longer configured")) {
            LOG.warn("Gave up {} waiting notices for channel {}, which is no longer configured", buried.count(), buried.channel());
        }
    }

    /** A lane has stepped: others hear when it comes to nothing, and when it goes on. */
    private void look(String channel, Lane lane) {
        wake(troubles.look(new Troubles.Lane(channel, lane.view().lane()), lane.health(), messengers(), time.now()));
    }

    private void forgetTroubles(Map<String, Running> present) {
        var lanes = new HashSet<Troubles.Lane>();
        present.forEach((name, r) -> r.lanes().forEach(lane -> lanes.add(new Troubles.Lane(name, lane.view().lane()))));
        wake(troubles.retain(lanes, messengersOf(present), time.now()));
    }

    private void wake(Collection<String> channels) {
        Map<String, Running> present = running;
        for (String channel : channels) {
            Running r = present.get(channel);
            if (r != null) {
                r.threads().forEach(LaneThread::wake);
            }
        }
    }

    @Override
    public Set<String> messengers() {
        return messengersOf(running);
    }

    private static Set<String> messengersOf(Map<String, Running> channels) {
        var names = new LinkedHashSet<String>();
        channels.forEach((name, r) -> {
            if (r instanceof RunningMessenger) {
                names.add(name);
            }
        });
        return Collections.unmodifiableSet(names);
    }

    @Override
    public void enqueue(Handle tx, List<Telling> tellings, Instant now) {
        Map<String, Running> present = running;
        var entries = new ArrayList<Outbox.Entry>(tellings.size());
        var growing = new LinkedHashSet<MessengerLane>();
        for (Telling telling : tellings) {
            if (present.get(telling.channel()) instanceof RunningMessenger messenger) {
                entries.add(new Outbox.Entry(telling, ""));
                growing.add(messenger.lane());
            } else {
                entries.add(new Outbox.Entry(telling, "there is no such channel"));
                LOG.warn("There is no channel {} for a notice about {}", telling.channel(), telling.alert().series().display());
            }
        }
        outbox.insert(tx, entries, now);
        growing.forEach(MessengerLane::expectMore);
    }

    /**
     * Puts a notice that was given up back into its channel's queue, and with it all that was given up of its alert.
     *
     * @return whether there was such a notice
     * @throws IllegalArgumentException in a person's words, where sending it would say what is not so
     */
    public boolean revive(long notice) {
        Optional<NoticeRow> dead = outbox.find(notice).filter(row -> row.state() == NoticeView.State.DEAD);
        if (dead.isEmpty()) {
            return false;
        }
        String channel = dead.get().channel();
        if (!messengers().contains(channel)) {
            throw new IllegalArgumentException("there is no channel \"" + channel + "\" any more");
        }
        boolean revived = outbox.revive(dead.get(), time.now());
        wake(List.of(channel));
        return revived;
    }

    /**
     * Sends a message that says it is a test, past the queue; waits for the receiver on the calling thread.
     *
     * @return empty where no such channel is configured
     */
    public Optional<Delivery> test(String channel, AlertView sample) throws InterruptedException {
        Running found = running.get(channel);
        return switch (found) {
            case null -> Optional.empty();
            case RunningMessenger messenger -> {
                if (!(messenger.channel().channel() instanceof Messenger receiver)) {
                    yield Optional.empty();
                }
                yield Optional.of(receiver.send(List.of(new Notice(0, channel, Notice.Kind.FIRING, sample, time.now(), false))));
            }
            case RunningMirror mirror -> {
                if (!(mirror.channel().channel() instanceof Mirror receiver)) {
                    yield Optional.empty();
                }
                Delivery worst = new Delivery.Delivered();
                for (int peer = 0; peer < receiver.peers().size(); peer++) {
                    Delivery one = receiver.push(peer, List.of(sample), time.now());
                    worst = one instanceof Delivery.Delivered ? worst : one;
                }
                yield Optional.of(worst);
            }
        };
    }

    @Override
    public void committed(Map<String, List<AlertView>> pictures, Instant now) {
        running.forEach((name, r) -> {
            switch (r) {
                case RunningMirror mirror -> {
                    List<AlertView> picture = List.copyOf(pictures.getOrDefault(name, List.of()));
                    mirror.lanes().forEach(lane -> lane.show(picture));
                    mirror.threads().forEach(LaneThread::wake);
                }
                case RunningMessenger messenger -> {
                    if (messenger.lane().expectsMore()) {
                        messenger.thread().wake();
                    }
                }
            }
        });
    }

    /** The channels as they stand, in the order of the configuration; a mirror's peers one by one. Asks nobody, not even the store. */
    public List<ChannelView> views() {
        return running.values().stream()
                .flatMap(r -> r.lanes().stream())
                .map(Lane::view)
                .toList();
    }

    @Override
    public List<NoticeView> find(NoticeLog.Query query) {
        return outbox.find(query);
    }

    @Override
    public List<NoticeLog.Told> told(Collection<String> alerts) {
        return outbox.told(alerts);
    }

    @Override
    public List<AlertView> troubles() {
        return troubles.all(time.now());
    }

    /** Goes on delivering for the grace, then leaves the rest in the store for the next start, and logs how much that is. */
    @Override
    public void close() {
        changing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            Map<String, Running> last = running;
            end(last.values(), grace);
            logWhatIsLeft(messengersOf(last));
        } finally {
            changing.unlock();
        }
    }

    private void logWhatIsLeft(Set<String> messengers) {
        try {
            long left = messengers.stream()
                    .mapToLong(name -> outbox.counts(name).open())
                    .sum();
            if (left > 0) {
                LOG.info("{} notices were not delivered yet; they are kept for the next start", left);
            } else {
                LOG.info("All notices are delivered");
            }
        } catch (StoreException e) {
            LOG.warn("How many notices are left for the next start is not known: {}", e.getMessage());
        }
    }

    private static void end(Iterable<Running> channels, Duration within) {
        channels.forEach(r -> r.threads().forEach(thread -> thread.stopWithin(within)));
        boolean interrupted = false;
        for (Running r : channels) {
            for (LaneThread thread : r.threads()) {
                try {
                    thread.awaitEnd();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
            switch (r) {
                case RunningMessenger messenger -> messenger.lane().close();
                case RunningMirror mirror -> mirror.channel().channel().close();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
