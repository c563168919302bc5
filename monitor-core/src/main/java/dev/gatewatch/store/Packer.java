package dev.gatewatch.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Writes small binary values: numbers take as many bytes as they need. Confined to one thread. */
final class Packer {
    private byte[] bytes = new byte[256];
    private int length;

    /** An unsigned number, seven bits a byte, low ones first (as Protocol Buffers write them). */
    void number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            put((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        put((int) rest);
    }

    /** Any double; a whole one below 2^53 takes few bytes. */
    void decimal(double value) {
        long whole = (long) value;
        if (Math.abs(value) < 1L << 53 && Double.compare((double) whole, value) == 0) {
            long zigzag = (whole << 1) ^ (whole >> 63);
            number(zigzag << 1);
        } else {
            number(1);
            long bits = Double.doubleToRawLongBits(value);
            for (int shift = 0; shift < 64; shift += 8) {
                put((int) (bits >>> shift));
            }
        }
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        put(utf8);
    }

    void put(int b) {
        room(1);
        bytes[length++] = (byte) b;
    }

    void put(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    static byte[] deflate(byte[] raw) {
        try (var deflater = new Deflater(Deflater.BEST_SPEED, true)) {
            deflater.setInput(raw);
            deflater.finish();
            var out = new byte[raw.length + 64];
            int length = deflater.deflate(out);
            return deflater.finished() ? Arrays.copyOf(out, length) : raw;
        }
    }

    /** Reads what a {@link Packer} wrote. Confined to one thread. */
    static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        long number() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                int b = get();
                value |= (b & 0x7fL) << shift;
                if (b < 0x80) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a number is too long");
        }

        double decimal() {
            long coded = number();
            if (coded == 1) {
                long bits = 0;
                for (int shift = 0; shift < 64; shift += 8) {
                    bits |= (long) get() << shift;
                }
                return Double.longBitsToDouble(bits);
            }
            long zigzag = coded >>> 1;
            return (zigzag >>> 1) ^ -(zigzag & 1);
        }

        String text() {
            return new String(take(count()), StandardCharsets.UTF_8);
        }

        /** A number that counts something in these bytes, so never more than there are. */
        int count() {
            long count = number();
            if (count < 0 || count > bytes.length) {
                throw new IllegalArgumentException("a length is out of range");
            }
            return (int) count;
        }

        int get() {
            if (at >= bytes.length) {
                throw new IllegalArgumentException("the end is missing");
            }
            return bytes[at++] & 0xff;
        }

        byte[] take(int length) {
            if (length > bytes.length - at) {
                throw new IllegalArgumentException("the end is missing");
            }
            byte[] taken = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return taken;
        }

        static byte[] inflate(byte[] deflated, int length) {
            try (var inflater = new Inflater(true)) {
                inflater.setInput(deflated);
                var out = new byte[length];
                int got = inflater.inflate(out);
                if (got != length) {
                    throw new IllegalArgumentException("the end is missing");
                }
                return out;
            } catch (DataFormatException e) {
                throw new IllegalArgumentException("a compressed part is damaged", e);
            }
        }
    }
}
