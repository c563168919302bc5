package dev.gatewatch.probes.httpclient;

import java.util.Locale;

/** Numbers of bytes for messages. */
public final class Sizes {
    private Sizes() {}

    /** {@code 812 bytes}, {@code 12.5 kB}, {@code 1 MB}; powers of 1024. */
    public static String format(long bytes) {
        if (bytes < 1_024) {
            return bytes == 1 ? "1 byte" : bytes + " bytes";
        }
        double kilo = bytes / 1_024.0;
        return kilo < 1_024 ? tenth(kilo) + " kB" : tenth(kilo / 1_024) + " MB";
    }

    private static String tenth(double number) {
        String text = String.format(Locale.ROOT, "%.1f", number);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
