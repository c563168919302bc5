package dev.gatewatch.probes.revocation;

import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Report;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The facts of revocation checks, named after ssl_exporter's metrics. Pure functions. */
public final class RevocationFacts {
    private static final String STAPLED = "ocsp_stapled";
    private static final String OCSP_STATUS = "ocsp_status";
    private static final String PRODUCED = "ocsp_produced_at";
    private static final String THIS_UPDATE = "ocsp_this_update";
    private static final String NEXT_UPDATE = "ocsp_next_update";
    private static final String REVOKED_AT = "ocsp_revoked_at";
    private static final String CRL_AVAILABLE = "crl_available";
    private static final String CRL_REVOKED = "crl_revoked";
    private static final String CRL_NEXT_UPDATE = "crl_next_update";
    private static final String STATUS = "revocation";

    /** For {@link dev.gatewatch.probe.ProbeType#facts}. */
    public static final List<FactSpec> SPECS = List.of(
            FactSpec.gauge(STAPLED, "probe_ssl_ocsp_stapled", "Whether the server stapled an OCSP answer."),
            FactSpec.gauge(
                    OCSP_STATUS,
                    "probe_ssl_ocsp_status",
                    "What valid OCSP answers, stapled or asked, say of the server's certificate: 0 good, 1 revoked, 2 unknown."),
            FactSpec.gauge(PRODUCED, "probe_ssl_ocsp_produced_at", "When that answer was signed, in Unix seconds."),
            FactSpec.gauge(THIS_UPDATE, "probe_ssl_ocsp_this_update", "From when that answer holds, in Unix seconds."),
            FactSpec.gauge(NEXT_UPDATE, "probe_ssl_ocsp_next_update", "Until when that answer holds, in Unix seconds."),
            FactSpec.gauge(
                    REVOKED_AT,
                    "probe_ssl_ocsp_revoked_at",
                    "When the certificate was revoked by that answer, in Unix seconds."),
            FactSpec.gauge(
                    CRL_AVAILABLE,
                    "probe_ssl_crl_available",
                    "Whether there was a valid revocation list for the server's certificate."),
            FactSpec.gauge(CRL_REVOKED, "probe_ssl_crl_revoked", "Whether a revocation list has the server's certificate."),
            FactSpec.gauge(
                    CRL_NEXT_UPDATE,
                    "probe_ssl_crl_next_update",
                    "The earliest next update of the valid revocation lists that were used, in Unix seconds."),
            FactSpec.family(
                    STATUS,
                    "probe_ssl_revocation_status",
                    "certificate",
                    "What is known of each certificate but roots, by all ways together: 0 good, 1 revoked, 2 unknown."));

    private RevocationFacts() {}

    static void putStapled(Report.Builder report, boolean stapled) {
        report.fact(STAPLED, stapled);
    }

    /** Those of the certificate that the server presents as its own. */
    static void putOwn(Report.Builder report, Finding own, RevocationSettings settings) {
        if (settings.ocsp() != Policy.OFF) {
            report.fact(OCSP_STATUS, own.ocspStatus().number());
            own.staple()
                    .filter(a -> a.validTimes().isPresent())
                    .or(own::ocsp)
                    .ifPresent(answer -> putTimes(report, answer));
        }
        own.crl().ifPresent(answer -> {
            report.fact(CRL_AVAILABLE, answer.validTimes().isPresent());
            report.fact(CRL_REVOKED, answer instanceof Answer.Revoked);
        });
    }

    /** Those of any certificate. */
    static void put(Report.Builder report, String key, Finding finding) {
        report.fact(STATUS + "." + key, finding.status().number());
    }

    static void putLists(Report.Builder report, List<Finding> findings) {
        findings.stream()
                .flatMap(f -> f.crl().flatMap(Answer::validTimes).stream())
                .map(Answer.Times::nextUpdate)
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .ifPresent(next -> report.fact(CRL_NEXT_UPDATE, (double) next.getEpochSecond()));
    }

    private static void putTimes(Report.Builder report, Answer answer) {
        answer.validTimes().ifPresent(times -> {
            times.produced().ifPresent(at -> put(report, PRODUCED, at));
            put(report, THIS_UPDATE, times.thisUpdate());
            times.nextUpdate().ifPresent(at -> put(report, NEXT_UPDATE, at));
        });
        if (answer instanceof Answer.Revoked revoked) {
            put(report, REVOKED_AT, revoked.at());
        }
    }

    private static void put(Report.Builder report, String fact, Instant at) {
        report.fact(fact, (double) at.getEpochSecond());
    }
}
