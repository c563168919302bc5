package dev.gatewatch.web;

import java.util.Map;

/** A request that is not served, with the status and the words that its sender gets. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    // a Map that Map.of made, which is serializable
    @SuppressWarnings("serial")
    private final Map<String, String> headers;

    Refusal(int status, String message) {
        this(status, message, Map.of());
    }

    Refusal(int status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.headers = Map.copyOf(headers);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
