package dev.gatewatch.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP response. Immutable; the connection adds length and date. */
record Response(int status, Map<String, String> headers, String body, Delivery delivery) {
    /** How a response gets to the client, for faults below HTTP. */
    enum Delivery {
        WHOLE,
        /** Half of the body, then the connection ends. */
        CUT,
        /** Half of the body, then nothing, until the client hangs up. */
        STALLS,
        /** Nothing, and the connection is reset. */
        RESET
    }

    Response(int status, Map<String, String> headers, String body) {
        this(status, headers, body, Delivery.WHOLE);
    }

    /** The same response, delivered otherwise. */
    Response delivered(Delivery other) {
        return new Response(status, headers, body, other);
    }

    static final String JSON = "application/json";
    static final String HTML = "text/html; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";

    static Response json(int status, Object value) {
        return of(status, JSON, Json.write(value));
    }

    static Response text(int status, String text) {
        return of(status, TEXT, text);
    }

    static Response of(int status, String type, String body) {
        return new Response(status, Map.of("Content-Type", type), body);
    }

    /** Without a body, such as 204. */
    static Response empty(int status) {
        return new Response(status, Map.of(), "");
    }

    Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, more, body, delivery);
    }

    /** The reason phrase of the status line (RFC 9110, section 15); empty for a rare one, which the RFC allows. */
    String reason() {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 204 -> "No Content";
            case 302 -> "Found";
            case 304 -> "Not Modified";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 421 -> "Misdirected Request";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "";
        };
    }
}
