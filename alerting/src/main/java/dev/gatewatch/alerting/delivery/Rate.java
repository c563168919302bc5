package dev.gatewatch.alerting.delivery;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** At most so many messages in any stretch of time. Immutable. */
public record Rate(int messages, Duration per) {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,6})\\s*/\\s*(\\S+)");

    /** Written as {@code 20/1m}. */
    public static final ValueType<Rate> TYPE = Types.scalar(
            "a number of messages and a time (as 20/1m)",
            Map.of("type", "string", "pattern", "^[0-9]+ ?/ ?[0-9a-z.]+$"),
            Rate::parse);

    public Rate {
        if (messages < 1 || per.isZero() || per.isNegative()) {
            throw new IllegalArgumentException("at least one message, in some time");
        }
    }

    private static Optional<Rate> parse(String text) {
        Matcher m = WRITTEN.matcher(text.strip());
        if (!m.matches()) {
            return Optional.empty();
        }
        int messages = Integer.parseInt(m.group(1));
        String span = m.group(2);
        return Durations.parse(Character.isDigit(span.charAt(0)) ? span : "1" + span)
                .filter(per -> messages > 0 && per.compareTo(Duration.ofSeconds(1)) >= 0 && per.compareTo(Duration.ofDays(1)) <= 0)
                .map(per -> new Rate(messages, per));
    }

    @Override
    public String toString() {
        return messages + "/" + Durations.format(per);
    }
}
