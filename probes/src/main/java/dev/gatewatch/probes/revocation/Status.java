package dev.gatewatch.probes.revocation;

/** Whether a certificate is revoked, as far as could be learnt; numbered as ssl_exporter does. */
public enum Status {
    GOOD,
    REVOKED,
    UNKNOWN;

    /** 0, 1 or 2, for metrics. */
    public int number() {
        return ordinal();
    }
}
