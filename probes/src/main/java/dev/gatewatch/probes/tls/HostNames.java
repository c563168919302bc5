package dev.gatewatch.probes.tls;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.net.IDN;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a certificate is for a host, by RFC 9525: subject alternative names only, a wildcard only as the whole left-most label and for
 * one label. Pure functions.
 */
final class HostNames {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    /** As many names as a message lists. */
    private static final int LISTED = 5;

    private HostNames() {}

    static Optional<Failure> fault(X509Certificate leaf, String host) {
        List<String> dns = names(leaf, DNS_NAME);
        List<String> ips = names(leaf, IP_ADDRESS);
        Optional<InetAddress> address = literal(host);
        boolean fits =
                address.isPresent()
                        ? ips.stream().map(HostNames::literal).anyMatch(address::equals)
                        : dns.stream().anyMatch(pattern -> matches(pattern, host));
        if (fits) {
            return Optional.empty();
        }
        var all = new ArrayList<>(dns);
        all.addAll(ips);
        String text;
        if (all.isEmpty()) {
            text = "the certificate names no host at all (no subject alternative name), so not " + host;
        } else {
            String rest = all.size() > LISTED ? " and " + (all.size() - LISTED) + " more" : "";
            text = "the certificate is for " + String.join(", ", all.stream().limit(LISTED).toList()) + rest + ", not for "
                    + host;
        }
        return Optional.of(new Failure(Cause.CERT_HOSTNAME, text));
    }

    /** The subject alternative names that are DNS names, as blackbox_exporter lists them. */
    static List<String> dnsNames(X509Certificate certificate) {
        return names(certificate, DNS_NAME);
    }

    /** All DNS names and addresses. */
    static List<String> all(X509Certificate certificate) {
        var all = new ArrayList<>(names(certificate, DNS_NAME));
        all.addAll(names(certificate, IP_ADDRESS));
        return all;
    }

    static boolean matches(String pattern, String host) {
        String want = ascii(host);
        String have = pattern.toLowerCase(Locale.ROOT);
        if (!have.startsWith("*.")) {
            return have.equals(want);
        }
        String parent = have.substring(1);
        int firstDot = want.indexOf('.');
        // a wildcard directly under a top-level domain would be for everybody
        return firstDot > 0 && parent.indexOf('.', 1) > 0 && want.substring(firstDot).equals(parent);
    }

    private static String ascii(String host) {
        String absolute = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        try {
            return IDN.toASCII(absolute, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException _) {
            return absolute.toLowerCase(Locale.ROOT);
        }
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static List<String> names(X509Certificate certificate, int type) {
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives == null) {
                return List.of();
            }
            var names = new ArrayList<String>();
            for (List<?> alternative : alternatives) {
                @Nullable Object value = alternative.get(1);
                if (alternative.getFirst().equals(type) && value instanceof String name) {
                    names.add(name);
                }
            }
            return names;
        } catch (CertificateParsingException _) {
            return List.of(); // names that cannot be read name nobody
        }
    }
}
