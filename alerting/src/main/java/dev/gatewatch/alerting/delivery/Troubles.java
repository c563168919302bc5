package dev.gatewatch.alerting.delivery;

import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Notice.Kind;
import dev.gatewatch.alerting.route.Telling;
import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Store;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.AlertView.Severity;
import dev.gatewatch.view.AlertView.State;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Tells people through the other channels that one takes nothing, and when it takes notices again. What was told is kept in the store,
 * so a restart repeats nothing. These alerts pass by rules and routes: a fault of the way must not depend on the way. Safe for many
 * threads; each lane is told of by its own thread only.
 */
final class Troubles {
    static final String RULE = "channel failing";

    /** How long an ended one is shown, as alerts are. */
    private static final Duration SHOWN = Duration.ofDays(1);

    private final Store store;
    private final Outbox outbox;
    private final String location;

    /** As stored. */
    private final Map<Lane, AlertView> open = new ConcurrentHashMap<>();

    /** Lately ended ones by their ids; a restart forgets them. */
    private final Map<String, AlertView> over = new ConcurrentHashMap<>();

    /** A queue to a receiver, by its channel's name and its own. */
    record Lane(String channel, String name) {
        String display() {
            return name.isEmpty() ? channel : channel + " (" + name + ")";
        }
    }

    Troubles(Store store, Outbox outbox, String location) {
        this.store = store;
        this.outbox = outbox;
        this.location = location;
        open.putAll(store.read(Troubles::stored));
    }

    /** Present ones and those that ended within the last day, oldest first. */
    List<AlertView> all(Instant now) {
        over.values().removeIf(alert -> alert.endsAt().orElse(now).isBefore(now.minus(SHOWN)));
        return Stream.concat(open.values().stream(), over.values().stream())
                .sorted(Comparator.comparing(AlertView::startsAt).thenComparing(AlertView::id))
                .toList();
    }

    /**
     * A lane is well, or is not.
     *
     * @param messengers all channels that single notices can be written for
     * @return the channels whose queues grew
     */
    Collection<String> look(Lane lane, Health health, Collection<String> messengers, Instant now) {
        return switch (health) {
            case Health.Trouble trouble when !open.containsKey(lane) -> begin(lane, trouble, messengers, now);
            case Health.Good _ when open.containsKey(lane) -> end(lane, "healed", messengers, now);
            default -> List.of();
        };
    }

    /** Ends troubles of what is no longer configured. */
    Collection<String> retain(Collection<Lane> present, Collection<String> messengers, Instant now) {
        return open.keySet().stream()
                .filter(lane -> !present.contains(lane))
                .flatMap(lane -> end(lane, "removed", messengers, now).stream())
                .distinct()
                .toList();
    }

    private Collection<String> begin(Lane lane, Health.Trouble trouble, Collection<String> messengers, Instant now) {
        AlertView alert = alert(lane, trouble, now);
        List<String> others =
                messengers.stream().filter(name -> !name.equals(lane.channel())).toList();
        store.write(tx -> {
            tx.createUpdate("INSERT INTO channel_trouble (channel, lane, alert, told) VALUES (:channel, :lane, :alert, :told)")
                    .bind("channel", lane.channel())
                    .bind("lane", lane.name())
                    .bind("alert", AlertCodec.encode(alert))
                    .bind("told", String.join("\n", others))
                    .execute();
            write(tx, others, Kind.FIRING, alert, now);
            return true;
        });
        open.put(lane, alert);
        return others;
    }

    private Collection<String> end(Lane lane, String reason, Collection<String> messengers, Instant now) {
        AlertView alert = open.get(lane);
        if (alert == null) {
            return List.of();
        }
        AlertView ended = alert.ended(now.truncatedTo(ChronoUnit.MILLIS), reason);
        List<String> told = store.write(tx -> {
            List<String> those = Arrays.stream(tx.createQuery("SELECT told FROM channel_trouble WHERE channel = :channel AND lane = :lane")
                            .bind("channel", lane.channel())
                            .bind("lane", lane.name())
                            .mapTo(String.class)
                            .findOne()
                            .orElse("")
                            .split("\n"))
                    .filter(messengers::contains)
                    .toList();
            tx.createUpdate("DELETE FROM channel_trouble WHERE channel = :channel AND lane = :lane")
                    .bind("channel", lane.channel())
                    .bind("lane", lane.name())
                    .execute();
            write(tx, those, Kind.RESOLVED, ended, now);
            return those;
        });
        open.remove(lane);
        over.put(ended.id(), ended);
        return told;
    }

    private void write(Handle tx, List<String> channels, Kind kind, AlertView alert, Instant now) {
        for (String channel : channels) {
            var group = new Notice.Group(alert.id(), "", kind.firing() ? 1 : 0);
            outbox.insert(tx, new Telling(channel, kind, alert, group, ""), now);
        }
    }

    private static Map<Lane, AlertView> stored(Handle handle) {
        var troubles = new LinkedHashMap<Lane, AlertView>();
        handle.createQuery("SELECT channel, lane, alert FROM channel_trouble")
                .map((row, _) -> troubles.put(
                        new Lane(row.getString("channel"), row.getString("lane")), AlertCodec.decode(row.getString("alert"))))
                .list();
        return troubles;
    }

    private AlertView alert(Lane lane, Health.Trouble trouble, Instant now) {
        Instant since = trouble.since().truncatedTo(ChronoUnit.MILLIS);
        Instant fired = now.truncatedTo(ChronoUnit.MILLIS);
        String fingerprint = fingerprint(lane);
        var labels = new LinkedHashMap<String, String>();
        labels.put("channel", lane.channel());
        String state = trouble.broken()
                ? "is broken and needs a person"
                : "has taken nothing for " + Durations.format(Duration.ofMinutes(Math.max(0, Duration.between(since, fired).toMinutes())));
        String waiting = trouble.waiting() == 0 ? "" : "; " + trouble.waiting() + (trouble.waiting() == 1 ? " notice waits" : " notices wait");
        return new AlertView(
                fingerprint + "-" + Long.toString(since.toEpochMilli(), Character.MAX_RADIX),
                fingerprint,
                RULE,
                new Series("gatewatch", "", location),
                AlertView.CHANNEL,
                lane.display(),
                Severity.CRITICAL,
                State.FIRING,
                Cause.CHANNEL_BROKEN,
                "channel " + lane.display() + " " + state + waiting,
                trouble.reason(),
                since,
                Optional.of(fired),
                Optional.empty(),
                "",
                labels,
                new LinkedHashMap<>());
    }

    private static String fingerprint(Lane lane) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", RULE, lane.channel(), lane.name()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
