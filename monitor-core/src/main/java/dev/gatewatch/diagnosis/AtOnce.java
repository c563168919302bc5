package dev.gatewatch.diagnosis;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Result;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Diagnosis of single runs of all regions of one probe, made one right after the other and taken for one moment: what a person who asks
 * once wants to know. Pure function.
 */
public final class AtOnce {
    private static final Set<Outcome> BAD = EnumSet.of(Outcome.DEGRADED, Outcome.FAIL);

    private AtOnce() {}

    /** The same results, where a diagnosis names a better cause with that cause, and their own as evidence. */
    public static List<Result> diagnosed(List<Result> regions, List<Diagnosis> diagnoses) {
        return regions.stream().map(result -> diagnosed(result, regions, diagnoses)).toList();
    }

    private static Result diagnosed(Result result, List<Result> regions, List<Diagnosis> diagnoses) {
        Report report = result.report();
        Optional<Cause> cause = report.cause();
        if (cause.isEmpty() || !BAD.contains(result.outcome())) {
            return result;
        }
        Instant moment = result.startedAt();
        var others = new ArrayList<Standing>();
        int silent = 0;
        for (Result other : regions) {
            if (other.series().equals(result.series())) {
                continue;
            }
            if (other.outcome() == Outcome.BROKEN) {
                silent++;
            } else {
                others.add(standing(other, moment));
            }
        }
        var symptom = new Symptom(cause.get(), report.message(), standing(result, moment), others, silent);
        return Diagnosis.first(diagnoses, symptom)
                .map(finding -> {
                    var evidence = new ArrayList<>(report.evidence());
                    evidence.add(new Evidence("in its own words", cause.get().code() + ": " + report.message()));
                    return new Result(
                            result.series(),
                            result.type(),
                            result.target(),
                            result.startedAt(),
                            result.duration(),
                            new Report(
                                    report.outcome(),
                                    Optional.of(finding.cause()),
                                    finding.message(),
                                    report.phases(),
                                    report.facts(),
                                    evidence));
                })
                .orElse(result);
    }

    private static Standing standing(Result result, Instant moment) {
        return new Standing(result.series(), BAD.contains(result.outcome()), moment, moment, result.duration());
    }
}
