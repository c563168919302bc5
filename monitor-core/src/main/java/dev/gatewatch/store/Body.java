package dev.gatewatch.store;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Evidence;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.ResultJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of a report in the journal's {@code body} column: a byte of flags; then, where there is any, a block with the shape
 * (unless the row's origin holds it), cause, message and evidence, deflated when that pays; then the numbers.
 */
final class Body {
    private static final int SHAPE = 1;
    private static final int WORDS = 2;
    private static final int DEFLATED = 4;

    /** Below this many bytes deflating gains little. */
    private static final int WORTH_DEFLATING = 200;

    /** More than the largest block of a bounded report. */
    private static final int MOST = 4 << 20;

    private Body() {}

    /**
     * Packs a report.
     *
     * @param shapeKept whether the row's origin holds the shape
     */
    static byte[] pack(Report report, Shape shape, boolean shapeKept) {
        var to = new Packer();
        int flags = (shapeKept ? 0 : SHAPE) | (hasWords(report) ? WORDS : 0);
        if (flags == 0) {
            to.put(0);
        } else {
            var block = new Packer();
            if (!shapeKept) {
                shape.pack(block);
            }
            if (hasWords(report)) {
                packWords(report, block);
            }
            byte[] raw = block.bytes();
            byte[] small = raw.length < WORTH_DEFLATING ? raw : Packer.deflate(raw);
            if (small.length < raw.length) {
                to.put(flags | DEFLATED);
                to.number(raw.length);
            } else {
                to.put(flags);
            }
            to.number(small.length);
            to.put(small);
        }
        shape.packNumbers(report, to);
        return to.bytes();
    }

    /**
     * Unpacks a report.
     *
     * @param kept the shape that the row's origin holds
     * @throws IllegalArgumentException when the bytes are damaged
     */
    static Report unpack(Outcome outcome, byte[] body, @Nullable Shape kept) {
        var from = new Packer.Reader(body);
        int flags = from.get();
        Shape shape = kept;
        Words words = Words.NONE;
        if (flags != 0) {
            var block = block(from, (flags & DEFLATED) != 0);
            shape = (flags & SHAPE) != 0 ? Shape.unpack(block) : kept;
            words = (flags & WORDS) != 0 ? Words.unpack(outcome, block) : Words.NONE;
        }
        if (shape == null) {
            throw new IllegalArgumentException("the shape is missing");
        }
        return new Report(
                outcome, words.cause, words.message, shape.unpackPhases(from), shape.unpackFacts(from), words.evidence);
    }

    private static Packer.Reader block(Packer.Reader from, boolean deflated) {
        if (!deflated) {
            return new Packer.Reader(from.take(from.count()));
        }
        long length = from.number();
        if (length < 0 || length > MOST) {
            throw new IllegalArgumentException("a length is out of range");
        }
        return new Packer.Reader(Packer.Reader.inflate(from.take(from.count()), (int) length));
    }

    private static boolean hasWords(Report report) {
        return report.cause().isPresent()
                || !report.message().isEmpty()
                || !report.evidence().isEmpty();
    }

    private static void packWords(Report report, Packer to) {
        to.text(report.cause().map(Cause::code).orElse(""));
        // the class is kept for an older version that does not know the cause
        to.text(report.cause().map(c -> c.causeClass().code()).orElse(""));
        to.text(report.message());
        to.number(report.evidence().size());
        for (Evidence evidence : report.evidence()) {
            to.text(evidence.title());
            to.text(evidence.text());
        }
    }

    private record Words(Optional<Cause> cause, String message, List<Evidence> evidence) {
        static final Words NONE = new Words(Optional.empty(), "", List.of());

        static Words unpack(Outcome outcome, Packer.Reader from) {
            String code = from.text();
            String causeClass = from.text();
            String message = from.text();
            var evidence = new ArrayList<Evidence>();
            for (int n = from.count(); n > 0; n--) {
                evidence.add(new Evidence(from.text(), from.text()));
            }
            if (outcome == Outcome.PASS) {
                return new Words(Optional.empty(), message, evidence);
            }
            Optional<Cause> cause = Cause.of(code);
            return cause.isPresent()
                    ? new Words(cause, message, evidence)
                    : new Words(
                            Optional.of(ResultJson.general(outcome, causeClass)), "(" + code + ") " + message, evidence);
        }
    }
}
