package dev.gatewatch.engine;

import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what the engine tells. Safe for many threads. */
final class CountingMetrics implements EngineMetrics {
    final List<Series> skipped = new CopyOnWriteArrayList<>();
    final Map<Series, Duration> lateness = new ConcurrentHashMap<>();
    final AtomicLong dropped = new AtomicLong();

    @Override
    public void ran(Result result, Duration late) {
        lateness.put(result.series(), late);
    }

    @Override
    public void skipped(Series series) {
        skipped.add(series);
    }

    @Override
    public void dropped(long results) {
        dropped.addAndGet(results);
    }
}
