package dev.gatewatch.probes.tls;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Judges a presented chain: dates, path to a trust anchor, host name, strength. Each aspect is judged for itself, so that one fault
 * does not hide another; the path is built for a time at which the dates hold. Pure functions.
 */
public final class ChainJudge {
    /** What an operator has to mend first comes first. */
    private static final List<Cause> ORDER = List.of(
            Cause.CERT_EXPIRED,
            Cause.CERT_NOT_YET_VALID,
            Cause.CERT_SELF_SIGNED,
            Cause.CERT_UNTRUSTED,
            Cause.CERT_HOSTNAME,
            Cause.CERT_WEAK);

    private ChainJudge() {}

    /**
     * Judges a chain.
     *
     * @param chain as presented, the server's own certificate first; may be empty
     * @param host the name or address to find in the certificate, without brackets
     */
    public static ChainVerdict judge(List<X509Certificate> chain, String host, TrustAnchors trust, Instant now) {
        return judge(chain, host, trust, Strength.STANDARD, now);
    }

    /** As {@link #judge(List, String, TrustAnchors, Instant)}, with other demands on keys and signatures. */
    public static ChainVerdict judge(
            List<X509Certificate> chain, String host, TrustAnchors trust, Strength strength, Instant now) {
        if (chain.isEmpty()) {
            return new ChainVerdict(
                    List.of(new Failure(Cause.CERT_UNTRUSTED, "the server presents no certificate")), List.of());
        }
        var path = TrustPath.find(chain, trust, now);
        var faults = new ArrayList<Failure>();
        faults.addAll(Validity.faults(relevant(chain, path), now));
        path.fault().ifPresent(faults::add);
        TrustPath.usageFault(chain.getFirst())
                .filter(_ -> path.fault().isEmpty())
                .ifPresent(faults::add);
        HostNames.fault(chain.getFirst(), host).ifPresent(faults::add);
        faults.addAll(strength.faults(relevant(chain, path)));
        return verdict(faults, path.certificates());
    }

    /**
     * Judges a certificate that lies in a file or key store. An authority's own is not looked for a path from, nor is its name compared.
     *
     * @param others what may lead from it to its authority: what lies beside it
     * @param host the name to find in the certificate, where one is expected
     * @param trust what it has to lead to, where that matters
     */
    public static ChainVerdict judgeStored(
            X509Certificate own,
            Collection<X509Certificate> others,
            Optional<String> host,
            Optional<TrustAnchors> trust,
            Strength strength,
            Instant now) {
        var chain = new ArrayList<>(List.of(own));
        others.stream().filter(c -> !c.equals(own) && c.getBasicConstraints() >= 0).forEach(chain::add);
        boolean authority = own.getBasicConstraints() >= 0;
        Optional<TrustPath> path = trust.filter(_ -> !authority).map(t -> TrustPath.find(chain, t, now));
        List<X509Certificate> verified = path.map(TrustPath::certificates).orElse(List.of());
        var faults = new ArrayList<Failure>();
        faults.addAll(Validity.faults(verified.isEmpty() ? List.of(own) : verified, now));
        path.flatMap(TrustPath::fault).ifPresent(faults::add);
        host.filter(_ -> !authority).flatMap(h -> HostNames.fault(own, h)).ifPresent(faults::add);
        faults.addAll(strength.faults(verified.isEmpty() ? List.of(own) : verified));
        return verdict(faults, verified);
    }

    private static ChainVerdict verdict(List<Failure> faults, List<X509Certificate> verified) {
        return new ChainVerdict(
                faults.stream()
                        .sorted(Comparator.comparingInt(f -> ORDER.indexOf(f.cause())))
                        .toList(),
                verified);
    }

    /**
     * From a certificate upwards by names and signatures alone, as far as the others lead; the certificate itself comes first. Says
     * nothing of trust.
     */
    public static List<X509Certificate> upwards(X509Certificate own, Collection<X509Certificate> others) {
        return SignedPath.upwards(own, others);
    }

    /** The certificates that clients depend on: the verified path, else all that were presented. Others may be as old as they like. */
    private static List<X509Certificate> relevant(List<X509Certificate> chain, TrustPath path) {
        return path.certificates().isEmpty() ? chain : path.certificates();
    }

    /** What to call a certificate in a sentence. */
    public static String name(X509Certificate certificate, X509Certificate leaf) {
        return certificate.equals(leaf) ? "the certificate" : "the CA certificate " + shortName(certificate);
    }

    /** The common name, else the whole subject, in quotes. */
    public static String shortName(X509Certificate certificate) {
        return shortName(certificate.getSubjectX500Principal());
    }

    static String shortName(javax.security.auth.x500.X500Principal principal) {
        String whole = principal.getName();
        Optional<String> common = commonName(whole);
        return "\"" + common.orElse(whole) + "\"";
    }

    private static Optional<String> commonName(String distinguished) {
        try {
            return new javax.naming.ldap.LdapName(distinguished)
                    .getRdns().reversed().stream()
                            .filter(r -> r.getType().equalsIgnoreCase("CN") && r.getValue() instanceof String)
                            .map(r -> (String) r.getValue())
                            .findFirst();
        } catch (javax.naming.InvalidNameException _) {
            return Optional.empty();
        }
    }
}
