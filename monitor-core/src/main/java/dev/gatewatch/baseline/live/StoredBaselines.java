package dev.gatewatch.baseline.live;

import dev.gatewatch.baseline.Baseline;
import dev.gatewatch.baseline.BaselineSettings;
import dev.gatewatch.baseline.Quantity;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.Store;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Baselines of latencies as they were last written, at most some ten minutes ago: for those who ask what is usual on a thread of their own. Safe for
 * many threads; each answer is the asker's own.
 */
public final class StoredBaselines {
    private static final Logger LOG = LoggerFactory.getLogger(StoredBaselines.class);

    private final Store store;
    private final Function<Series, BaselineSettings> settings;

    /** @param settings the same that each learns by */
    public StoredBaselines(Store store, Function<Series, BaselineSettings> settings) {
        this.store = store;
        this.settings = settings;
    }

    /** What was learnt of a series; absent where nothing was written yet. */
    public Optional<Baseline> of(Series series) {
        Optional<byte[]> learnt = store.read(handle -> handle.createQuery(
                        "SELECT learnt FROM baseline WHERE probe = :probe AND region = :region AND location = :location"
                                + " AND quantity = :quantity")
                .bind("probe", series.probe())
                .bind("region", series.region())
                .bind("location", series.location())
                .bind("quantity", Quantity.LATENCY.key())
                .map((row, _) -> row.getBytes("learnt"))
                .findOne());
        try {
            return learnt.map(bytes -> Baseline.fromBytes(settings.apply(series), bytes));
        } catch (IllegalArgumentException e) {
            LOG.debug("What was learnt of {} cannot be read: {}", series.display(), e.getMessage());
            return Optional.empty();
        }
    }
}
