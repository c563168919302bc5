package dev.gatewatch.probes.revocation;

/** Whether a certificate is revoked, as far as could be learnt; numbered as ssl_exporter does. */
public enum Status {
    GOOD(0),
    REVOKED(1),
    UNKNOWN(2);

    private final int number;

    Status(int number) {
        this.number = number;
    }

    /** 0, 1 or 2, for metrics. */
    public int number() {
        return number;
    }
}
