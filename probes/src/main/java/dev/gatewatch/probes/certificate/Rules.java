package dev.gatewatch.probes.certificate;

import dev.gatewatch.probes.revocation.RevocationCheck;
import dev.gatewatch.probes.tls.Strength;
import dev.gatewatch.probes.tls.TrustAnchors;
import java.util.Optional;

/**
 * What a certificate has to be, wherever it lies. Safe for many threads.
 *
 * @param trust what it has to lead to; absent where that does not matter
 * @param name the host name that has to be in it; absent for the target's host, or for any
 */
record Rules(
        Optional<TrustAnchors> trust,
        Optional<String> name,
        Strength strength,
        ExpiryWindow window,
        RevocationCheck revocation,
        ChangeWatch changes) {}
