package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.Notice;

/** How a notice looks at first sight: red, orange, blue, or green for what is over. */
public enum Tone {
    CRITICAL("🔴", 0xD9_2D20),
    WARNING("🟠", 0xF7_9009),
    INFO("🔵", 0x2E_90FA),
    RESOLVED("✅", 0x12_B76A);

    private final String sign;
    private final int colour;

    Tone(String sign, int colour) {
        this.sign = sign;
        this.colour = colour;
    }

    public static Tone of(Notice notice) {
        if (notice.kind() == Notice.Kind.RESOLVED) {
            return RESOLVED;
        }
        return switch (notice.alert().severity()) {
            case CRITICAL -> CRITICAL;
            case WARNING -> WARNING;
            case INFO -> INFO;
        };
    }

    /** One emoji. */
    public String sign() {
        return sign;
    }

    /** Red, green and blue in 24 bits. */
    public int colour() {
        return colour;
    }

    /** {@code #D92D20}. */
    public String hex() {
        return "#%06X".formatted(colour);
    }
}
