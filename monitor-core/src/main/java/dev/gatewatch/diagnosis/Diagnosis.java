package dev.gatewatch.diagnosis;

import java.util.List;
import java.util.Optional;

/**
 * One way to name a better cause for a series' trouble than its own runs can. A pure function, asked again after every run that may
 * change its answer.
 */
@FunctionalInterface
public interface Diagnosis {
    /** The better cause, or nothing where the series' own cause stands. */
    Optional<Finding> diagnose(Symptom symptom);

    /** All that this version knows, in the order to ask; the first answer stands. */
    static List<Diagnosis> all() {
        return List.of(new RegionDiagnosis());
    }

    /** The first answer among these. */
    static Optional<Finding> first(List<Diagnosis> diagnoses, Symptom symptom) {
        return diagnoses.stream().flatMap(d -> d.diagnose(symptom).stream()).findFirst();
    }
}
