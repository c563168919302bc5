package dev.gatewatch.probe;

import java.util.Objects;

/**
 * Something kept from a run for a person to read: the head of a body, a certificate chain, the hops of a redirect. Immutable.
 *
 * @param title a few words: {@code body (first 2 kB)}
 * @param text bounded to {@value #MOST} characters; never holds a secret
 */
public record Evidence(String title, String text) {
    /** The longest text that is kept. */
    public static final int MOST = 4_096;

    public Evidence {
        Objects.requireNonNull(title);
        if (text.length() > MOST) {
            int end = Character.isHighSurrogate(text.charAt(MOST - 2)) ? MOST - 2 : MOST - 1;
            text = text.substring(0, end) + "…";
        }
    }
}
