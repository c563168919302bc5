package dev.gatewatch.probes.tls;

import dev.gatewatch.probes.net.Failure;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What {@link ChainJudge} holds of a presented chain. Immutable.
 *
 * @param faults the one to tell first comes first; empty for a good chain
 * @param verified the path from the server's certificate to its trust anchor, both included; empty where there is none
 */
public record ChainVerdict(List<Failure> faults, List<X509Certificate> verified) {
    public ChainVerdict {
        faults = List.copyOf(faults);
        verified = List.copyOf(verified);
    }

    /** The fault to tell first; nothing for a good chain. */
    public Optional<Failure> worst() {
        return faults.isEmpty() ? Optional.empty() : Optional.of(faults.getFirst());
    }

    /** When the first certificate of the verified path ends. */
    public Optional<Instant> verifiedUntil() {
        return verified.stream().map(c -> c.getNotAfter().toInstant()).min(Comparator.naturalOrder());
    }
}
