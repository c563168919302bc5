package dev.gatewatch.backtest;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes each run's score and whether an alert of its series fires: {@code timestamp_ms,probe,score,alert}. The runs of a series are in the
 * order of time; series are mixed. A worker each has a place of its own to write to, so it is safe for as many threads as there are workers.
 */
final class Scores implements AutoCloseable {
    private static final int FLUSH = 1 << 16;

    private final Writer out;
    private final ReentrantLock writing = new ReentrantLock();
    private final StringBuilder[] gathered;

    Scores(Writer out, int workers) throws IOException {
        this.out = new BufferedWriter(out, FLUSH);
        this.out.write("timestamp_ms,probe,score,alert\n");
        gathered = new StringBuilder[workers];
        for (int i = 0; i < workers; i++) {
            gathered[i] = new StringBuilder(FLUSH + 200);
        }
    }

    /** @param score NaN where nothing was judged */
    void add(int worker, long at, String series, double score, boolean alert) {
        StringBuilder to = gathered[worker];
        to.append(at).append(',');
        Csv.quote(to, series);
        to.append(',');
        to.append(Double.isNaN(score) ? 0f : (float) score);
        to.append(alert ? ",1\n" : ",0\n");
        if (to.length() >= FLUSH) {
            write(to);
        }
    }

    private void write(StringBuilder to) {
        writing.lock();
        try {
            out.append(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writing.unlock();
        }
        to.setLength(0);
    }

    @Override
    public void close() throws IOException {
        for (StringBuilder left : gathered) {
            write(left);
        }
        out.close();
    }
}
