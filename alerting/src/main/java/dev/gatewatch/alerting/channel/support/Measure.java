package dev.gatewatch.alerting.channel.support;

/** How a receiver counts the length of a text. */
public enum Measure {
    /** UTF-16 units, which most receivers call characters. */
    CHARS {
        @Override
        int of(int point) {
            return Character.charCount(point);
        }
    },
    /** Bytes of UTF-8. */
    BYTES {
        @Override
        int of(int point) {
            return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        }
    },
    /** Bytes of UTF-8 within a JSON string, as our writer escapes: where a receiver limits the whole body. */
    JSON_BYTES {
        @Override
        int of(int point) {
            return switch (point) {
                case '"', '\\', '\n', '\t' -> 2;
                default -> point < 0x20 ? 6 : BYTES.of(point);
            };
        }
    };

    /** The length of one code point. */
    abstract int of(int point);

    public final int of(String text) {
        return text.codePoints().map(this::of).sum();
    }
}
