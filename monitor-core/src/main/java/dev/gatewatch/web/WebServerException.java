package dev.gatewatch.web;

/** The server could not start. The message is for people: what is wrong, and what to do. */
public final class WebServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WebServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
