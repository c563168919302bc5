package dev.gatewatch.backtest;

import dev.gatewatch.probe.Result;
import dev.gatewatch.probe.Series;
import dev.gatewatch.store.JournalReader;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The results that a daemon has journalled, also while it runs. */
public final class JournalSource implements Source {
    private final JournalReader journal;
    private final Instant since;
    private final Map<Series, Member> members = new HashMap<>();
    private long read;
    private long all;

    /** @param journal closed with this */
    public JournalSource(JournalReader journal, Instant since) {
        this.journal = journal;
        this.since = since;
    }

    @Override
    public String name() {
        return "the journal " + journal.file();
    }

    @Override
    public boolean tellsOfOwnNetwork() {
        return true;
    }

    @Override
    public double done() {
        return all == 0 ? Double.NaN : Math.min(1, (double) read / all);
    }

    @Override
    public void read(Intake intake) {
        all = journal.count(since);
        journal.replay(since, result -> add(intake, result));
    }

    private void add(Intake intake, Result result) {
        read++;
        Member member = members.computeIfAbsent(
                result.series(),
                series -> intake.member(
                        series.probe(), series.region(), series.location(), result.type(), Map.of(), name()));
        intake.add(member, result.startedAt().toEpochMilli(), result.duration().toNanos(), result.report(), 0);
    }

    @Override
    public void close() {
        journal.close();
    }
}
