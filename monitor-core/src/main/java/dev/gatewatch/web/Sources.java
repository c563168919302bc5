package dev.gatewatch.web;

import dev.gatewatch.metrics.Exposition;
import dev.gatewatch.probe.Result;
import dev.gatewatch.store.Journal;
import dev.gatewatch.view.ConfigStatus;
import dev.gatewatch.view.NoticeLog;
import dev.gatewatch.view.Snapshot;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where the server takes what it shows. All are called on request threads (virtual ones, so they may wait), many at once.
 *
 * @param notReady why the daemon does not watch at the moment, in a person's words; empty when it does
 * @param storeTrouble what is wrong with the store; empty when nothing is
 * @param results the journal's query
 * @param notices what was told, and channels that take nothing
 * @param desk what people do about alerts
 * @param reload loads the configuration anew and says how it went
 * @param onDemand answers {@code GET /probe}
 * @param metrics answers a scrape, given its {@code Accept} header (empty when there is none)
 */
public record Sources(
        DaemonInfo daemon,
        Clock clock,
        Supplier<Snapshot> snapshot,
        Supplier<ConfigStatus> configuration,
        Supplier<Optional<String>> notReady,
        Supplier<Optional<String>> storeTrouble,
        Function<Journal.Query, List<Result>> results,
        NoticeLog notices,
        AlertDesk desk,
        Supplier<ReloadOutcome> reload,
        Function<String, Exposition> metrics,
        OnDemandProbe onDemand) {}
