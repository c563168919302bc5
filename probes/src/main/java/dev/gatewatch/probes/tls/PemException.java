package dev.gatewatch.probes.tls;

/** A PEM file that cannot be used; the message is for the configuration's author. */
public final class PemException extends Exception {
    private static final long serialVersionUID = 1L;

    public PemException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
