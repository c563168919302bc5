package dev.gatewatch.web;

import java.util.Locale;

/** What a host's written form says about who can reach it. */
final class Hosts {
    private Hosts() {}

    /** Whether the text is {@code localhost} or a loopback address. Names are not resolved: they could mean anything tomorrow. */
    static boolean isLoopback(String host) {
        String h = host.toLowerCase(Locale.ROOT);
        return h.equals("localhost")
                || h.endsWith(".localhost")
                || h.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
                || h.equals("::1")
                || h.equals("0:0:0:0:0:0:0:1");
    }

    /** The host in a {@code Host} header, without port and brackets; empty for one that is malformed. */
    static String inHeader(String header) {
        String h = header.strip();
        if (h.startsWith("[")) {
            int close = h.indexOf(']');
            return close < 0 ? "" : h.substring(1, close);
        }
        int colon = h.indexOf(':');
        return colon < 0 ? h : h.substring(0, colon);
    }
}
