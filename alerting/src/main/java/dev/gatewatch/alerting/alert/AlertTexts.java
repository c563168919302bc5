package dev.gatewatch.alerting.alert;

import dev.gatewatch.alerting.rule.Rule;
import dev.gatewatch.alerting.rule.Verdict;
import dev.gatewatch.baseline.live.Learnt;
import dev.gatewatch.diagnosis.Diagnosis;
import dev.gatewatch.diagnosis.Finding;
import dev.gatewatch.diagnosis.Standing;
import dev.gatewatch.diagnosis.Symptom;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import java.util.List;
import java.util.Optional;

/** What alerts say of a trouble: by the diagnoses, else by the series itself. Confined to the evaluator's thread. */
final class AlertTexts {
    private final List<Diagnosis> diagnoses = Diagnosis.all();
    private final Learnt learnt;
    private final ChangesNearby changes;

    AlertTexts(Learnt learnt, ChangesNearby changes) {
        this.learnt = learnt;
        this.changes = changes;
    }

    /**
     * What to say now; what the condition compared and the change nearby are noted in the watch. A run that does not count leaves what was said
     * before.
     */
    Alert.Text of(Watch watch, Verdict.Holds holds, Optional<Episode> open) {
        watch.value = holds.value();
        Optional<Alert> firing = watch.alert().filter(Alert::firing);
        if (firing.isPresent() && !watch.rule.when().counts(watch.series.window, 0)) {
            return firing.get().text();
        }
        Optional<Finding> finding = symptom(watch, holds).flatMap(s -> Diagnosis.first(diagnoses, s));
        watch.nearby = changes.to(watch.series.spec, open.map(Episode::startsAt).orElse(holds.since()));
        return new Alert.Text(
                finding.map(Finding::cause).orElse(holds.cause()),
                confirming(watch.rule, open)
                        + finding.map(Finding::message).orElse(holds.message())
                        + watch.nearby.map(change -> " (" + change.words() + ")").orElse(""),
                holds.evidence());
    }

    private static String confirming(Rule rule, Optional<Episode> open) {
        return rule.confirm() == 0 ? "" : open.filter(episode -> episode.state() == AlertView.State.PENDING)
                .map(episode -> "confirming " + episode.confirmed() + " of " + rule.confirm() + ": ")
                .orElse("");
    }

    private Optional<Symptom> symptom(Watch watch, Verdict.Holds holds) {
        if (!watch.rule.when().comparesRegions()) {
            return Optional.empty();
        }
        List<WatchedSeries> regions = watch.series.otherRegions;
        List<Standing> others = regions.stream()
                .flatMap(r -> r.standing(watch.rule.when(), learnt).stream())
                .toList();
        boolean named = watch.alert().filter(alert -> alert.view().cause() == Cause.REGION_SLOW).isPresent();
        return watch.series
                .standing(watch.rule.when(), learnt)
                .map(own -> new Symptom(holds.cause(), holds.detail(), own, others, regions.size() - others.size(), named));
    }
}
