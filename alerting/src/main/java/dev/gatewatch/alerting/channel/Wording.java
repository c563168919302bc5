package dev.gatewatch.alerting.channel;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * How a channel's people are spoken to. Immutable.
 *
 * @param zone the time zone that times are told in
 */
public record Wording(Language language, ZoneId zone) {
    /** English, UTC. */
    public static final Wording DEFAULT = new Wording(Language.EN, ZoneOffset.UTC);

    /** A language that texts are written in. */
    public enum Language {
        EN(Locale.ENGLISH),
        ZH(Locale.SIMPLIFIED_CHINESE);

        private final Locale locale;

        Language(Locale locale) {
            this.locale = locale;
        }

        public Locale locale() {
            return locale;
        }
    }
}
