package dev.gatewatch.change;

import java.util.Locale;

/** What became of something after a change. */
public enum Verdict {
    BETTER("better"),
    SAME("same"),
    WORSE("worse"),
    /** Not enough was seen to say. */
    TOO_LITTLE_DATA("too little data");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /** As JSON has it: {@code too_little_data}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As people read it. */
    public String words() {
        return words;
    }
}
