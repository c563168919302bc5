package dev.gatewatch.probes.exec;

import dev.gatewatch.config.Secret;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes what a command printed fit to be shown: secrets masked, no control characters, bounded. Immutable. */
final class Masking {
    private static final int LONGEST_LINE = 400;

    /** A reference may be a part of a word, as in {@code --password=…}: its pieces are masked too. */
    private static final Pattern BETWEEN = Pattern.compile("[\\s=:,;]+");

    private final List<Secret> secrets;

    Masking(List<Secret> secrets) {
        // the longer first: a secret may hold another
        this.secrets = secrets.stream()
                .map(Secret::reveal)
                .flatMap(text -> Stream.concat(Stream.of(text.strip()), BETWEEN.splitAsStream(text)))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Secret::new)
                .toList();
    }

    /** One line for a message. */
    String line(String text) {
        String plain = masked(text).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return plain.length() <= LONGEST_LINE ? plain : plain.substring(0, LONGEST_LINE) + "…";
    }

    /** Several lines for evidence. */
    String block(String text) {
        return masked(text).replace("\r", "").replaceAll("[\\p{Cntrl}&&[^\n\t]]", "·").strip();
    }

    /** The text with its secrets masked and nothing else changed. */
    String masked(String text) {
        String masked = text;
        for (Secret secret : secrets) {
            masked = secret.maskedIn(masked);
        }
        return masked;
    }
}
