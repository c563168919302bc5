package dev.gatewatch.backtest;

import dev.gatewatch.probe.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes runs from a source and hands them to the workers. Confined to the reading thread. */
public final class Intake {
    private final Cast cast;
    private final List<Worker> workers;
    private final Watch watch;
    private final Rows[] filling;

    /** What is done between two hand-overs: progress is shown, and the user's wish to stop is seen. */
    @FunctionalInterface
    interface Watch {
        /** @throws Interrupted where it is to stop */
        void look(long rows);
    }

    private final List<String> notes = new ArrayList<>();
    private long rows;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    Intake(Cast cast, List<Worker> workers, Watch watch) {
        this.cast = cast;
        this.workers = List.copyOf(workers);
        this.watch = watch;
        filling = new Rows[workers.size()];
        for (int i = 0; i < filling.length; i++) {
            filling[i] = new Rows();
        }
    }

    /**
     * The series of these names. To be asked once a series: it looks through the configurations.
     *
     * @param location empty where the history does not say
     * @param type of the probe; empty where the history does not say
     * @param place where it is named first, for people
     * @return what runs are added with; those of a series that is left out go nowhere
     * @throws Unusable where there is no such series and that is a mistake
     */
    Member member(String probe, String region, String location, String type, Map<String, String> labels, String place) {
        return cast.member(probe, region, location, type, labels, place);
    }

    /**
     * Adds a run.
     *
     * @param startedAt milliseconds of the epoch
     * @param nanos how long it took
     * @param place a number that leads a person to it: of a line
     */
    void add(Member member, long startedAt, long nanos, Report report, long place) {
        rows++;
        if (startedAt < first) {
            first = startedAt;
        }
        if (startedAt > last) {
            last = startedAt;
        }
        int worker = member.worker;
        if (worker >= 0 && !filling[worker].add(member, startedAt, nanos, report, place)) {
            handOver(worker);
        }
        if ((rows & 0xfff) == 0) {
            watch.look(rows);
        }
    }

    private void handOver(int worker) {
        workers.get(worker).take(filling[worker]);
        filling[worker] = new Rows();
    }

    /** Time goes by without a run, as while an answer is waited for. */
    void idle() {
        watch.look(rows);
    }

    /** All that came is with the workers, who are told that nothing follows. */
    void end() {
        for (int i = 0; i < filling.length; i++) {
            handOver(i);
            workers.get(i).end(last);
        }
    }

    /** Something that a person should know of the history, a line. */
    void note(String line) {
        notes.add(line);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    long rows() {
        return rows;
    }

    /** When the first run began, in milliseconds; later than {@link #last} where there is none. */
    long first() {
        return first;
    }

    long last() {
        return last;
    }
}
