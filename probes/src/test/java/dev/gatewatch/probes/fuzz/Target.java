package dev.gatewatch.probes.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Something that reads untrusted bytes.
 *
 * @param seeds proper inputs, from which others are made
 */
public record Target(String name, List<byte[]> seeds, Feed feed) {
    /** Takes one input. What it may throw for a bad one, it catches; whatever it lets through is a finding. */
    @FunctionalInterface
    public interface Feed {
        void take(byte[] input) throws Exception;
    }

    public static Target of(String name, Feed feed, byte[]... seeds) {
        return new Target(name, List.of(seeds), feed);
    }

    /** Of seeds that are text. */
    public static Target ofText(String name, Feed feed, String... seeds) {
        return new Target(
                name,
                Stream.of(seeds).map(s -> s.getBytes(StandardCharsets.UTF_8)).toList(),
                feed);
    }

    /** The input as text. */
    public static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return name;
    }
}
