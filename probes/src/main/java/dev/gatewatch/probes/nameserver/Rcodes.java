package dev.gatewatch.probes.nameserver;

import dev.gatewatch.probe.Cause;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;

/** What response codes mean, and what servers say beside them (RFC 8914). Pure functions. */
public final class Rcodes {
    /** Extended errors by which a resolver says that signatures do not hold: DNSSEC Bogus to NSEC Missing, Signature Expired before Valid. */
    private static final Set<Integer> BOGUS = Set.of(
            ExtendedErrorCodeOption.DNSSEC_BOGUS,
            ExtendedErrorCodeOption.SIGNATURE_EXPIRED,
            ExtendedErrorCodeOption.SIGNATURE_NOT_YET_VALID,
            ExtendedErrorCodeOption.DNSKEY_MISSING,
            ExtendedErrorCodeOption.RRSIGS_MISSING,
            ExtendedErrorCodeOption.NO_ZONE_KEY_BIT_SET,
            ExtendedErrorCodeOption.NSEC_MISSING,
            ExtendedErrorCodeOption.SIGNATURE_EXPIRED_BEFORE_VALID);

    private Rcodes() {}

    /** The cause of a code that was not wanted. */
    public static Cause cause(Message answer) {
        return switch (answer.getRcode()) {
            case Rcode.NXDOMAIN -> Cause.DNS_NXDOMAIN;
            case Rcode.REFUSED -> Cause.DNS_REFUSED;
            case Rcode.NOERROR -> Cause.DNS_MISMATCH; // it exists, where we expected that it does not
            default -> saysBogus(answer) ? Cause.DNSSEC_BOGUS : Cause.DNS_SERVFAIL;
        };
    }

    /** Whether the server says that DNSSEC is why it failed. */
    public static boolean saysBogus(Message answer) {
        return errors(answer).stream().anyMatch(e -> BOGUS.contains(e.getErrorCode()));
    }

    /** What the server says about its code, as {@code Signature Expired: validation failure …}; bounded. */
    public static Optional<String> reason(Message answer) {
        String all = errors(answer).stream()
                .limit(4)
                .map(e -> ExtendedErrorCodeOption.text(e.getErrorCode()).replace('_', ' ').toLowerCase(java.util.Locale.ROOT)
                        + (e.getText() == null || e.getText().isBlank() ? "" : ": " + printable(e.getText())))
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    private static java.util.List<ExtendedErrorCodeOption> errors(Message answer) {
        OPTRecord opt = answer.getOPT();
        return opt == null
                ? java.util.List.of()
                : opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).stream()
                        .filter(ExtendedErrorCodeOption.class::isInstance)
                        .map(ExtendedErrorCodeOption.class::cast)
                        .toList();
    }

    private static String printable(String text) {
        String plain = text.codePoints()
                .limit(200)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return plain.strip();
    }
}
