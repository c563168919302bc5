package dev.gatewatch.daemon;

import dev.gatewatch.alerting.change.Changes;
import dev.gatewatch.alerting.change.Reviews;
import dev.gatewatch.change.Comparison;
import dev.gatewatch.view.ChangeView;
import dev.gatewatch.web.ChangeDesk;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What people and pipelines mark and ask of changes, done by those whose it is. Safe for many threads. */
record Markers(Clock clock, Changes marked, Reviews reviews) implements ChangeDesk {
    @Override
    public List<ChangeView> changes() {
        return reviews.all(now());
    }

    @Override
    public Optional<ChangeView> change(String id) {
        return marked.find(id);
    }

    @Override
    public ChangeView begin(String id, Map<String, String> labels, String by, String comment) {
        return marked.begin(id, labels, by, comment, now());
    }

    @Override
    public Optional<ChangeView> end(String id, Optional<Duration> watched) {
        return marked.find(id).flatMap(change -> marked.end(id, watched.orElseGet(() -> reviews.watch(change)), now()));
    }

    @Override
    public Duration enough(ChangeView change) {
        return reviews.enough(change);
    }

    @Override
    public Comparison compared(ChangeView change) {
        return reviews.of(change, now());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
