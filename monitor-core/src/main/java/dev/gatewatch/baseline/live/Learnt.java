package dev.gatewatch.baseline.live;

import dev.gatewatch.baseline.Band;
import dev.gatewatch.baseline.Judgement;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** What baselines know, for those who judge by it. Confined to the evaluator's thread. */
public interface Learnt {
    /** Nothing is learnt. */
    Learnt NOTHING = new Learnt() {
        @Override
        public Optional<Judgement> judgement(Result result, Quantity quantity) {
            return Optional.empty();
        }

        @Override
        public Band usual(Series series, Instant at) {
            return Band.UNKNOWN;
        }

        @Override
        public ZoneId zone(Series series) {
            return ZoneOffset.UTC;
        }
    };

    /** What was said of a run of this batch, else of the latest of its series; nothing where that quantity is not learnt. */
    Optional<Judgement> judgement(Result result, Quantity quantity);

    /** The usual latency of a series at a moment, in milliseconds, by what is known now. Unknown while learning. */
    Band usual(Series series, Instant at);

    /** Whose days and weeks the rhythm of a series follows. */
    ZoneId zone(Series series);
}
