package dev.gatewatch.web;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling.Acknowledgement;
import dev.gatewatch.view.MaintenanceView;
import dev.gatewatch.view.SilenceView;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A desk that keeps everything in memory and knows the alerts of {@link SampleWorld}. Safe for many threads. */
final class MemoryDesk implements AlertDesk {
    private final Clock clock;
    private final Supplier<List<AlertView>> open;
    final Map<String, Acknowledgement> acknowledged = new ConcurrentHashMap<>();
    final List<SilenceView> silences = new CopyOnWriteArrayList<>();
    final MemoryChanges changes;

    MemoryDesk(Clock clock, Supplier<List<AlertView>> open) {
        this.clock = clock;
        this.open = open;
        changes = new MemoryChanges(clock);
        silences.add(new SilenceView(
                "s1", List.of("probe=gateway"), now().minusSeconds(60), now().plusSeconds(3_600), "ada", "deploy", now().minusSeconds(60)));
    }

    /** What the snapshot would hold; matchers are only probe=…. */
    @Override
    public List<AlertView> covered(List<String> matchers) {
        if (matchers.stream().anyMatch(m -> !m.contains("="))) {
            throw new IllegalArgumentException("\"" + matchers.getLast() + "\" is no matcher");
        }
        return open.get().stream()
                .filter(a -> matchers.contains("probe=" + a.series().probe()))
                .toList();
    }

    private Instant now() {
        return clock.instant();
    }

    @Override
    public ChangeDesk changes() {
        return changes;
    }

    @Override
    public Optional<Acknowledgement> acknowledge(String alert, String by, String comment) {
        return alert.equals("7f3a")
                ? Optional.of(acknowledged.computeIfAbsent(alert, _ -> new Acknowledgement(by, now(), comment)))
                : Optional.empty();
    }

    @Override
    public boolean withdraw(String alert) {
        return acknowledged.remove(alert) != null;
    }

    @Override
    public List<SilenceView> silences() {
        return List.copyOf(silences);
    }

    @Override
    public SilenceView silence(SilenceRequest r) {
        if (r.matchers().isEmpty()) {
            throw new IllegalArgumentException("a silence without matchers would silence everything");
        }
        var silence = new SilenceView("s" + (silences.size() + 1), r.matchers(), r.startsAt(), r.endsAt(), r.by(), r.comment(), now());
        silences.addFirst(silence);
        return silence;
    }

    @Override
    public Optional<SilenceView> expire(String id) {
        return silences.stream()
                .filter(s -> s.id().equals(id))
                .findFirst()
                .map(s -> new SilenceView(s.id(), s.matchers(), s.startsAt(), now(), s.by(), s.comment(), s.createdAt()));
    }

    @Override
    public List<MaintenanceView> maintenance() {
        return List.of(new MaintenanceView(
                "nightly", "team=core", "daily 02:00–03:00 Europe/Berlin", Optional.empty(), Optional.of(now().plus(Duration.ofHours(3)))));
    }

    @Override
    public int inbound(byte[] body) {
        if (!new String(body, StandardCharsets.UTF_8).contains("alerts")) {
            throw new IllegalArgumentException("this is no payload of an Alertmanager: it has no alerts");
        }
        return 1;
    }

    @Override
    public boolean revive(long notice) {
        return notice == 18;
    }

    @Override
    public Optional<ChannelTest> testChannel(String channel) {
        return channel.equals("ops") ? Optional.of(new ChannelTest(true, "it was taken")) : Optional.empty();
    }
}
