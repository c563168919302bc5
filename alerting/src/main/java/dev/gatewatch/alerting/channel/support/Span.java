package dev.gatewatch.alerting.channel.support;

import java.time.Duration;
import java.util.ArrayList;

/** Spans of time as people say them: {@code 4m 10s}, {@code 3 天 4 小时}. */
final class Span {
    private Span() {}

    /** The two largest units, which is as exact as a person needs it; less than a second is {@code 0s}. */
    static String inWords(Duration span, Phrases phrases) {
        long left = Math.max(0, span.toSeconds());
        long[] sizes = {86_400, 3_600, 60, 1};
        String[] units = {"d", "h", "m", "s"};
        var parts = new ArrayList<String>();
        for (int i = 0; i < sizes.length && parts.size() < 2; i++) {
            long count = left / sizes[i];
            left %= sizes[i];
            if (count > 0) {
                parts.add(phrases.say("span." + units[i], count));
            } else if (!parts.isEmpty()) {
                break; // 3d 0h 12m: the minutes do not matter any more
            }
        }
        return parts.isEmpty() ? phrases.say("span.s", 0) : String.join(phrases.say("span.separator"), parts);
    }
}
