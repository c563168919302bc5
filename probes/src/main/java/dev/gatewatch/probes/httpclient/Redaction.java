package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Makes what came from a peer fit to be shown: secrets masked, no control characters, bounded. Safe for many threads. */
public final class Redaction {
    /** Long enough for a sentence of the peer's, short enough for a pager. */
    private static final int LONGEST_MESSAGE = 400;

    // replaced as a whole, so that no reader sees a part of it
    private volatile List<Secret> secrets = List.of();

    public Redaction(List<Secret> secrets) {
        also(secrets);
    }

    /** Masks this too from now on. */
    public void also(Secret secret) {
        also(List.of(secret));
    }

    private synchronized void also(List<Secret> more) {
        var all = new ArrayList<>(secrets);
        for (Secret secret : more) {
            all.add(secret);
            all.add(new Secret(URLEncoder.encode(secret.reveal(), StandardCharsets.UTF_8)));
        }
        secrets = all.stream()
                .distinct()
                // the longer first: a secret may hold another
                .sorted(Comparator.comparingInt((Secret s) -> s.reveal().length())
                        .reversed())
                .toList();
    }

    /** One line for a message. */
    public String line(String text) {
        String masked = masked(text);
        var line = new StringBuilder(Math.min(masked.length(), LONGEST_MESSAGE + 1));
        for (int i = 0; i < masked.length() && line.length() < LONGEST_MESSAGE; i++) {
            char c = masked.charAt(i);
            boolean blank = Character.isWhitespace(c) || Character.isISOControl(c);
            if (!blank) {
                line.append(c);
            } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
            }
        }
        return line.length() < LONGEST_MESSAGE ? line.toString().strip() : line + "…";
    }

    /** Several lines for evidence: what cannot be printed becomes a middle dot. */
    public String block(String text) {
        String masked = masked(text);
        var block = new StringBuilder(masked.length());
        masked.chars()
                .filter(c -> c != '\r')
                .map(c -> isPrintable(c) ? c : '·')
                .forEach(c -> block.append((char) c));
        return block.toString();
    }

    private static boolean isPrintable(int c) {
        return c == '\n' || c == '\t' || (!Character.isISOControl(c) && c != '\ufffd');
    }

    private String masked(String text) {
        String masked = text;
        for (Secret secret : secrets) {
            masked = secret.maskedIn(masked);
        }
        return masked;
    }
}
