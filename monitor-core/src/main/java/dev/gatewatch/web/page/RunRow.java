package dev.gatewatch.web.page;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Result;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * One run in the list of recent results. Immutable.
 *
 * @param id unique on the page
 * @param meaning the cause as a sentence; empty for a pass
 */
public record RunRow(
        String id,
        String startedAt,
        String region,
        State state,
        String duration,
        String cause,
        String causeClass,
        String meaning,
        String remedy,
        String message,
        List<Phase> phases,
        List<Evidence> evidence) {
    /**
     * A phase as a bar of a waterfall: where it starts and how wide it is, in thousandths of the whole run.
     *
     * @param colour 1 to 6
     */
    public record Phase(String name, String took, long from, long width, int colour) {}

    static RunRow of(Result r) {
        return new RunRow(
                "r-" + r.startedAt().toEpochMilli() + "-" + r.series().region(),
                r.startedAt().truncatedTo(ChronoUnit.MILLIS).toString(),
                r.series().region(),
                State.of(r.outcome()),
                Words.latency(r.duration()),
                r.report().cause().map(Cause::code).orElse(""),
                r.report().cause().map(c -> Words.plain(c.causeClass().code())).orElse(""),
                r.report().cause().map(Cause::meaning).orElse(""),
                r.report().cause().map(Cause::remedy).orElse(""),
                r.report().message(),
                phases(r),
                r.report().evidence());
    }

    private static List<Phase> phases(Result r) {
        long sum = r.report().phases().values().stream().mapToLong(Duration::toNanos).sum();
        double whole = Math.max(1, Math.max(sum, r.duration().toNanos()));
        var phases = new ArrayList<Phase>();
        long done = 0;
        for (var phase : r.report().phases().entrySet()) {
            long took = phase.getValue().toNanos();
            phases.add(new Phase(
                    Words.plain(phase.getKey()),
                    Words.latency(phase.getValue()),
                    Math.round(done * 1000 / whole),
                    Math.max(2, Math.round(took * 1000 / whole)),
                    phases.size() % 6 + 1));
            done += took;
        }
        return phases;
    }
}
