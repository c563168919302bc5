package dev.gatewatch.backtest;

import dev.gatewatch.backtest.Lines.BadLine;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.engine.WitnessSettings;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Results in CSV, plain or compressed by gzip (which is seen by the bytes, not by the name): {@code timestamp_ms,probe,latency_ms,ok} in
 * any order of columns, and optionally {@code region,location,type,outcome,cause,message,status} and facts as {@code fact_NAME}. The
 * first line names the columns. Read at the level of bytes, without an object a field.
 */
public final class CsvSource implements Source {
    private static final long EARLIEST = 100_000_000_000L; // 1973: what is less was meant as seconds
    private static final long LATEST = 32_503_680_000_000L; // the year 3000: what is more was meant as microseconds
    private static final long LONGEST_RUN = Duration.ofDays(1).toNanos();
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_TEXT = 1_000;
    private static final int MOST_BAD_TOLD = 3;

    private final String name;
    private final Counted counted;
    private final long size;
    private final Lines lines;
    private final Columns columns;
    private final boolean lenient;
    private final Names names = new Names();
    private final Map<Outcome, Map<Cause, Report>> reports = new EnumMap<>(Outcome.class);
    private final Report pass = Report.builder().build();

    private long bad;
    private final List<String> told = new ArrayList<>();

    private CsvSource(String name, InputStream in, long size, boolean lenient) throws IOException {
        this.name = name;
        this.size = size;
        this.lenient = lenient;
        counted = new Counted(in);
        lines = new Lines(name, unpacked(name, counted));
        try {
            columns = Columns.of(name, header());
        } catch (RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Opens a file.
     *
     * @param lenient whether lines that cannot be read are left out
     * @throws Unusable in a person's words, when it is not there, may not be read, or is no file of results
     */
    public static CsvSource open(Path file, boolean lenient) throws IOException {
        if (Files.isDirectory(file)) {
            throw new Unusable(file + " is a folder; name a file of results (CSV)");
        }
        try {
            return new CsvSource(file.toString(), Files.newInputStream(file), Files.size(file), lenient);
        } catch (NoSuchFileException _) {
            throw new Unusable(file + ": there is no such file");
        } catch (AccessDeniedException _) {
            throw new Unusable(file + ": no permission to read it");
        }
    }

    /** Reads what comes on a stream, such as standard input. */
    public static CsvSource of(String name, InputStream in, boolean lenient) throws IOException {
        return new CsvSource(name, in, 0, lenient);
    }

    private static InputStream unpacked(String name, InputStream in) throws IOException {
        var buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(2);
        boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        try {
            return gzip ? new GZIPInputStream(buffered, 1 << 16) : buffered;
        } catch (IOException e) {
            throw new Unusable(name + " looks like gzip and cannot be read as such: " + e.getMessage());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean tellsOfOwnNetwork() {
        return columns.facts().containsKey(WitnessSettings.SILENT);
    }

    @Override
    public double done() {
        return size == 0 ? Double.NaN : Math.min(1, (double) counted.read / size);
    }

    @Override
    public void close() throws IOException {
        counted.close();
    }

    private List<String> header() throws IOException {
        try {
            if (!lines.next()) {
                throw new Unusable(name + " is empty");
            }
            var header = new ArrayList<String>();
            for (int i = 0; i < lines.fields(); i++) {
                int skip = i == 0 && startsWithMark() ? 3 : 0;
                header.add(new String(
                        lines.bytes(), lines.start(i) + skip, lines.end(i) - lines.start(i) - skip, StandardCharsets.UTF_8));
            }
            return header;
        } catch (BadLine e) {
            throw new Unusable(name + ", line 1: " + e.getMessage());
        }
    }

    /** Whether the file begins with a byte order mark, as spreadsheets write one. */
    private boolean startsWithMark() {
        int at = lines.start(0);
        byte[] b = lines.bytes();
        return lines.end(0) - at >= 3 && b[at] == (byte) 0xef && b[at + 1] == (byte) 0xbb && b[at + 2] == (byte) 0xbf;
    }

    @Override
    public void read(Intake intake) throws IOException {
        while (true) {
            try {
                if (!lines.next()) {
                    break;
                }
                row(intake);
            } catch (BadLine e) {
                bad(e);
            }
        }
        if (!columns.ignored().isEmpty()) {
            intake.note("columns that mean nothing here: " + String.join(", ", columns.ignored()));
        }
        if (bad > 0) {
            intake.note(bad + " lines could not be read and were left out: " + String.join("; ", told)
                    + (bad > told.size() ? "; …" : ""));
        }
    }

    private void bad(BadLine e) {
        String what = "line " + lines.number() + ": " + e.getMessage();
        if (!lenient) {
            throw new Unusable(name + ", " + what + " (--skip-unreadable leaves such lines out)");
        }
        bad++;
        if (told.size() < MOST_BAD_TOLD) {
            told.add(what);
        }
    }

    private void row(Intake intake) throws BadLine {
        if (lines.fields() != columns.count()) {
            throw new BadLine("has " + lines.fields() + " fields, the first line names " + columns.count());
        }
        long at = timestamp(columns.timestamp());
        Outcome outcome = outcome();
        long nanos = latency(columns.latency(), outcome);
        Member member = names.find(lines, columns);
        if (member == null) {
            member = intake.member(
                    text(columns.probe(), LONGEST_NAME, true),
                    optional(columns.region()),
                    optional(columns.location()),
                    optional(columns.type()),
                    Map.of(),
                    name + ", line " + lines.number());
            names.add(lines, columns, member);
        }
        intake.add(member, at, nanos, report(outcome), lines.number());
    }

    private long timestamp(int column) throws BadLine {
        byte[] b = lines.bytes();
        int end = lines.end(column);
        int start = lines.start(column);
        long value = 0;
        if (end - start > 18 || end == start) {
            throw new BadLine("timestamp_ms is no number of milliseconds: " + shown(column));
        }
        for (int i = start; i < end; i++) {
            int digit = b[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new BadLine("timestamp_ms is no number of milliseconds: " + shown(column));
            }
            value = value * 10 + digit;
        }
        if (value < EARLIEST || value > LATEST) {
            throw new BadLine("timestamp_ms is not in milliseconds since 1970 (" + (value < EARLIEST ? "too small; seconds?" : "too large")
                    + "): " + shown(column));
        }
        return value;
    }

    /** In nanoseconds; 0 for a failed run that does not tell. */
    private long latency(int column, Outcome outcome) throws BadLine {
        byte[] b = lines.bytes();
        int end = lines.end(column);
        int at = lines.start(column);
        if (at == end) {
            if (outcome == Outcome.FAIL || outcome == Outcome.BROKEN) {
                return 0;
            }
            throw new BadLine("latency_ms is empty, and the run did not fail");
        }
        if (end - at > 20) {
            return slowly(column);
        }
        long value = 0;
        int decimals = -1;
        for (int i = at; i < end; i++) {
            int digit = b[i] - '0';
            if (digit >= 0 && digit <= 9) {
                if (decimals < 6) {
                    if (value > LONGEST_RUN) {
                        return slowly(column);
                    }
                    value = value * 10 + digit;
                    decimals += decimals >= 0 ? 1 : 0;
                }
            } else if (b[i] == '.' && decimals < 0 && end - at > 1) {
                decimals = 0;
            } else {
                return slowly(column);
            }
        }
        for (int i = Math.max(0, decimals); i < 6 && value <= LONGEST_RUN; i++) {
            value *= 10;
        }
        return bounded(value, column);
    }

    /** With an exponent, a sign, or more digits than usual. */
    private long slowly(int column) throws BadLine {
        String text = new String(
                lines.bytes(), lines.start(column), Math.min(40, lines.end(column) - lines.start(column)), StandardCharsets.ISO_8859_1);
        try {
            double millis = Double.parseDouble(text);
            if (Double.isFinite(millis) && millis >= 0) {
                return bounded(millis * 1e6 > LONGEST_RUN ? Long.MAX_VALUE : Math.round(millis * 1e6), column);
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw new BadLine("latency_ms is no number of milliseconds: " + shown(column));
    }

    private long bounded(long nanos, int column) throws BadLine {
        if (nanos > LONGEST_RUN || nanos < 0) {
            throw new BadLine("latency_ms is more than a day: " + shown(column));
        }
        return nanos;
    }

    private Outcome outcome() throws BadLine {
        if (columns.outcome() >= 0 && lines.end(columns.outcome()) > lines.start(columns.outcome())) {
            int column = columns.outcome();
            if (is(column, "pass")) {
                return Outcome.PASS;
            }
            for (Outcome outcome : Outcome.values()) {
                if (is(column, outcome.code())) {
                    return outcome;
                }
            }
            throw new BadLine("outcome is none of pass, degraded, fail, broken: " + shown(column));
        }
        int column = columns.ok();
        if (column >= 0) {
            if (is(column, "1") || is(column, "true")) {
                return Outcome.PASS;
            }
            if (is(column, "0") || is(column, "false")) {
                return Outcome.FAIL;
            }
            throw new BadLine("ok is neither 1 nor 0: " + shown(column));
        }
        throw new BadLine("outcome is empty");
    }

    /** Whether a field is this word, in whatever case. */
    private boolean is(int column, String word) {
        int start = lines.start(column);
        if (lines.end(column) - start != word.length()) {
            return false;
        }
        byte[] b = lines.bytes();
        for (int i = 0; i < word.length(); i++) {
            int c = b[start + i];
            int small = c >= 'A' && c <= 'Z' ? c + 32 : c;
            if (small != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private Report report(Outcome outcome) throws BadLine {
        boolean tells = columns.status() >= 0 || columns.message() >= 0 || !columns.facts().isEmpty();
        if (!tells && outcome == Outcome.PASS) {
            return pass;
        }
        Cause cause = outcome == Outcome.PASS ? null : cause(outcome);
        if (!tells && cause != null) {
            return reports.computeIfAbsent(outcome, _ -> new EnumMap<>(Cause.class))
                    .computeIfAbsent(cause, _ -> report(outcome, cause, said(cause), Map.of()));
        }
        var facts = new LinkedHashMap<String, Fact>();
        if (columns.status() >= 0) {
            fact("status", columns.status(), facts);
        }
        for (Map.Entry<String, Integer> column : columns.facts().entrySet()) {
            fact(column.getKey(), column.getValue(), facts);
        }
        String message = columns.message() < 0 ? "" : text(columns.message(), LONGEST_TEXT, false);
        return report(outcome, cause, message.isEmpty() && cause != null ? said(cause) : message, facts);
    }

    private static Report report(Outcome outcome, @Nullable Cause cause, String message, Map<String, Fact> facts) {
        return new Report(
                outcome,
                Optional.ofNullable(cause),
                outcome == Outcome.PASS ? "" : message,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(facts),
                List.of());
    }

    private static String said(Cause cause) {
        return cause.meaning().replaceFirst("\\.$", "");
    }

    /** What is written, else what a run of this outcome has for want of better knowledge. */
    private Cause cause(Outcome outcome) throws BadLine {
        String code = optional(columns.cause());
        if (code.isEmpty()) {
            return outcome == Outcome.BROKEN ? Cause.INTERNAL_ERROR : outcome == Outcome.DEGRADED ? Cause.LATENCY_HIGH : Cause.HTTP_STATUS;
        }
        Optional<Cause> cause = Cause.of(code);
        if (cause.isEmpty()) {
            throw new BadLine("there is no cause \"" + code + "\""
                    + Suggestions.didYouMean(code, Arrays.stream(Cause.values()).map(Cause::code).toList())
                            .map(hint -> "; " + hint)
                            .orElse(""));
        }
        return cause.get();
    }

    private void fact(String fact, int column, Map<String, Fact> facts) throws BadLine {
        String value = text(column, LONGEST_TEXT, false);
        if (!value.isEmpty()) {
            facts.put(fact, Fact.parse(value));
        }
    }

    private String optional(int column) throws BadLine {
        return column < 0 ? "" : text(column, LONGEST_NAME, false);
    }

    private String text(int column, int most, boolean needed) throws BadLine {
        int start = lines.start(column);
        int length = lines.end(column) - start;
        if (length > most) {
            throw new BadLine("a name or text is longer than " + most + " bytes: " + shown(column));
        }
        if (length == 0 && needed) {
            throw new BadLine("probe is empty");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(lines.bytes(), start, length))
                    .toString();
            if (text.codePoints().anyMatch(Character::isISOControl)) {
                throw new BadLine("a name or text has a control character: " + shown(column));
            }
            return text;
        } catch (CharacterCodingException _) {
            throw new BadLine("is not UTF-8: " + shown(column));
        }
    }

    /** A field for people: short, and without what a terminal would take for more than text. */
    private String shown(int column) {
        int start = lines.start(column);
        int length = Math.min(40, lines.end(column) - start);
        var shown = new StringBuilder("\"");
        for (int i = 0; i < length; i++) {
            int c = lines.bytes()[start + i] & 0xff;
            if (c >= 0x20 && c < 0x7f) {
                shown.append((char) c);
            } else {
                shown.append(String.format(Locale.ROOT, "\\x%02x", c));
            }
        }
        return shown.append(lines.end(column) - start > length ? "…\"" : "\"").toString();
    }

    /** How many bytes were taken from a stream. */
    private static final class Counted extends FilterInputStream {
        private long read;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            read += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = super.read(into, offset, length);
            read += Math.max(0, n);
            return n;
        }
    }
}
