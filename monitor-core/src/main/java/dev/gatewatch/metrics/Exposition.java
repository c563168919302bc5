package dev.gatewatch.metrics;

import java.io.IOException;
import java.io.OutputStream;

/**
 * All metrics at one moment, ready to be written in the format that the scraper asked for. Immutable.
 *
 * @param contentType of what {@code body} writes
 */
public record Exposition(String contentType, Body body) {
    /** Writes the metrics. */
    @FunctionalInterface
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }
}
