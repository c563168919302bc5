package dev.gatewatch.probes.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes inputs from seeds: the same ones for the same number. Confined to one thread. */
final class Mutator {
    private static final int LARGEST = 64 << 10;

    private static final byte[] EDGES = {0, 1, -1, 0x7f, (byte) 0x80, (byte) 0xc0, 0x20, '\n', '\r', '"', '\\', '0', '-'};

    /** What readers of many formats stumble over. */
    private static final List<byte[]> WORDS = List.of(
                    "99999999999999999999", "-1", "1e999", "NaN", "0.0000000001e-400", "e99999999", "1e2147483647", "1e-2147483647", "\\x", "null", "true", "[", "]", "{", "}", "{\"a\":", "<a>",
                    "&a", "*a", "!!", "---\n", "\\u0000", "\\ud800", "%s", "${x}", "\"", "''", "=", ";", ",", "\r\n", "\r\n\r\n", "\t",
                    "2147483648", "9223372036854775808", "1e308", "+Inf", "\uFEFF", "é", "😀", "\0", "-----BEGIN CERTIFICATE-----\n",
                    "-----END CERTIFICATE-----\n", "HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n")
            .stream()
            .map(s -> s.getBytes(StandardCharsets.UTF_8))
            .toList();

    private final Random random;
    private final List<byte[]> seeds;

    Mutator(long number, List<byte[]> seeds) {
        this.random = new Random(number);
        this.seeds = List.copyOf(seeds);
    }

    /** The next input; now and then a seed as it is. */
    byte[] next() {
        byte[] input = seed();
        for (int i = random.nextInt(8); i > 0; i--) {
            input = changed(input);
        }
        return input.length > LARGEST ? Arrays.copyOf(input, LARGEST) : input;
    }

    private byte[] seed() {
        return seeds.isEmpty() ? new byte[0] : seeds.get(random.nextInt(seeds.size())).clone();
    }

    private byte[] changed(byte[] in) {
        if (in.length == 0) {
            return noise(1 + random.nextInt(40));
        }
        int at = random.nextInt(in.length);
        int length = 1 + random.nextInt(Math.min(in.length - at, 1 + random.nextInt(64)));
        return switch (random.nextInt(12)) {
            case 0 -> set(in, at, (byte) (in[at] ^ (1 << random.nextInt(8))));
            case 1 -> set(in, at, EDGES[random.nextInt(EDGES.length)]);
            case 2 -> set(in, at, (byte) random.nextInt(256));
            case 3 -> set(in, at, (byte) (in[at] + random.nextInt(9) - 4));
            case 4 -> joined(Arrays.copyOf(in, at), Arrays.copyOfRange(in, at + length, in.length));
            case 5 -> Arrays.copyOf(in, at);
            case 6 -> inserted(in, at, noise(1 + random.nextInt(16)));
            case 7, 8 -> inserted(in, at, WORDS.get(random.nextInt(WORDS.size())));
            case 9 -> inserted(in, at, Arrays.copyOfRange(in, at, at + length));
            case 10 -> inserted(in, at, repeated(
                    random.nextBoolean() ? WORDS.get(random.nextInt(WORDS.size())) : Arrays.copyOfRange(in, at, at + length),
                    1 << random.nextInt(13)));
            default -> {
                byte[] other = seed();
                int from = random.nextInt(other.length + 1);
                yield joined(Arrays.copyOf(in, at), Arrays.copyOfRange(other, from, other.length));
            }
        };
    }

    private byte[] noise(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] set(byte[] in, int at, byte value) {
        in[at] = value;
        return in;
    }

    private static byte[] inserted(byte[] in, int at, byte[] what) {
        return joined(Arrays.copyOf(in, at), what, Arrays.copyOfRange(in, at, in.length));
    }

    private static byte[] repeated(byte[] what, int times) {
        int most = Math.min(times, LARGEST / Math.max(1, what.length));
        var out = new ByteArrayOutputStream(most * what.length);
        for (int i = 0; i < most; i++) {
            out.writeBytes(what);
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
