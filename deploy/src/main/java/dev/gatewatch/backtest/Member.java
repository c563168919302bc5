package dev.gatewatch.backtest;

import dev.gatewatch.engine.ProbeSpec;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Series;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A series of the history. What is not final belongs to the worker that judges it. */
final class Member {
    final Series series;
    final ProbeType type;
    final String typeName;
    final String target;

    /** What the configurations have under its name, in their order; absent where one does not have it. */
    final List<Optional<ProbeSpec>> configured;

    /** What is known of it where no configuration has it. */
    final Map<String, String> labels;

    /** On which worker's thread it is judged; negative where it is not. */
    final int worker;

    /** Where it is judged; none where it is left out. */
    @Nullable Circle circle;

    long runs;
    int firing;
    @Nullable Track track;

    Member(
            Series series,
            ProbeType type,
            String target,
            Map<String, String> labels,
            List<Optional<ProbeSpec>> configured,
            @Nullable Circle circle) {
        this.series = series;
        this.type = type;
        this.typeName = type.name();
        this.target = target;
        this.labels = labels;
        this.configured = configured;
        this.circle = circle;
        this.worker = circle == null ? -1 : circle.worker;
    }
}
