package dev.gatewatch.backtest;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

/**
 * The lines of a stream, each in its place in a buffer, cut into fields at commas. Fields in quotes follow RFC 4180, but end in their
 * line. Makes no objects a line. Confined to one thread.
 */
final class Lines {
    /** A longer line is none of results. */
    static final int LONGEST = 1 << 18;

    private static final int MOST_FIELDS = 1_000;

    private final String name;
    private final InputStream in;
    private byte[] buffer = new byte[1 << 20];
    private int from;
    private int to;
    private boolean over;

    private long number;
    private final int[] starts = new int[MOST_FIELDS];
    private final int[] ends = new int[MOST_FIELDS];
    private int fields;

    Lines(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    /**
     * Goes to the next line that is not empty.
     *
     * @return false where there is none
     * @throws BadLine where it cannot be cut into fields; the next call goes on after it
     * @throws Unusable where nothing can be read any more
     */
    boolean next() throws IOException, BadLine {
        while (true) {
            int end = lineEnd();
            if (end < 0) {
                return false;
            }
            int begin = from;
            int stop = end;
            from = Math.min(end + 1, to);
            number++;
            while (stop > begin && buffer[stop - 1] == '\r') {
                stop--;
            }
            if (stop > begin) {
                cut(begin, stop);
                return true;
            }
        }
    }

    /** Where the line at {@code from} ends; negative where nothing is left. */
    private int lineEnd() throws IOException {
        int scanned = from;
        while (true) {
            for (int i = scanned; i < to; i++) {
                if (buffer[i] == '\n') {
                    return i;
                }
            }
            if (over) {
                return from < to ? to : -1;
            }
            scanned = to - from;
            if (scanned > LONGEST) {
                throw new Unusable(name + ", line " + (number + 1) + ": longer than " + LONGEST / 1024 + " kB; this is no file of results");
            }
            System.arraycopy(buffer, from, buffer, 0, scanned);
            from = 0;
            to = scanned;
            fill();
        }
    }

    private void fill() throws IOException {
        try {
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                over = true;
            } else {
                to += read;
            }
        } catch (EOFException _) {
            throw new Unusable(name + " is cut off after line " + number + ": the compressed file ends too soon");
        } catch (ZipException e) {
            throw new Unusable(name + " is damaged after line " + number + ": " + e.getMessage());
        }
    }

    private void cut(int begin, int stop) throws BadLine {
        fields = 0;
        int at = begin;
        while (true) {
            if (fields == MOST_FIELDS) {
                throw new BadLine("has more than " + MOST_FIELDS + " fields");
            }
            if (at < stop && buffer[at] == '"') {
                at = cutQuoted(at + 1, stop);
            } else {
                starts[fields] = at;
                while (at < stop && buffer[at] != ',') {
                    at++;
                }
                ends[fields++] = at;
            }
            if (at >= stop) {
                return;
            }
            at++;
        }
    }

    /** Takes a field out of its quotes, in place; answers where the comma after it is. */
    private int cutQuoted(int begin, int stop) throws BadLine {
        int read = begin;
        int write = begin;
        while (read < stop) {
            if (buffer[read] == '"') {
                if (read + 1 < stop && buffer[read + 1] == '"') {
                    read++;
                } else {
                    break;
                }
            }
            buffer[write++] = buffer[read++];
        }
        if (read >= stop) {
            throw new BadLine("a quote is opened and not closed");
        }
        starts[fields] = begin;
        ends[fields++] = write;
        read++;
        if (read < stop && buffer[read] != ',') {
            throw new BadLine("something follows a closing quote");
        }
        return read;
    }

    /** The number of the line, from 1. */
    long number() {
        return number;
    }

    int fields() {
        return fields;
    }

    byte[] bytes() {
        return buffer;
    }

    int start(int field) {
        return starts[field];
    }

    int end(int field) {
        return ends[field];
    }

    /** A line that cannot be read, and why. Cheap to make, as a file may be full of them. */
    static final class BadLine extends Exception {
        private static final long serialVersionUID = 1L;

        BadLine(String why) {
            super(why, null, false, false);
        }
    }
}
