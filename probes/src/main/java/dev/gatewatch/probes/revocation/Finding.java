package dev.gatewatch.probes.revocation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that was learnt about the revocation of one certificate. Immutable.
 *
 * @param name to begin a sentence with: {@code the certificate}
 * @param named what the certificate says of its own revocation
 * @param presented whether a server showed it as its own, and so might have stapled an answer
 * @param issuerKnown whether there is the issuer's certificate, without which no answer can be verified
 * @param staple what the server stapled
 * @param ocsp what responders answered
 * @param crl what lists say
 */
record Finding(
        String name,
        NamedSources named,
        boolean presented,
        boolean issuerKnown,
        Optional<Answer> staple,
        Optional<Answer> ocsp,
        Optional<Answer> crl) {
    Status status() {
        return of(Stream.of(staple, ocsp, crl));
    }

    Status ocspStatus() {
        return of(Stream.of(staple, ocsp));
    }

    private static Status of(Stream<Optional<Answer>> answers) {
        List<Answer> all = answers.flatMap(Optional::stream).toList();
        if (all.stream().anyMatch(Answer.Revoked.class::isInstance)) {
            return Status.REVOKED;
        }
        return all.stream().anyMatch(Answer.Good.class::isInstance) ? Status.GOOD : Status.UNKNOWN;
    }

    /** One line a certificate, for evidence. */
    String line() {
        var parts = new ArrayList<String>();
        staple.ifPresent(a -> parts.add("stapled: " + words(a)));
        ocsp.ifPresent(a -> parts.add("OCSP: " + words(a)));
        crl.ifPresent(a -> parts.add("CRL: " + words(a)));
        if (parts.isEmpty()) {
            parts.add(issuerKnown ? "nobody to ask" : "not asked, as its issuer's certificate is not at hand");
        }
        return name + ": " + status().name().toLowerCase(Locale.ROOT) + "; " + String.join("; ", parts);
    }

    private static String words(Answer answer) {
        return switch (answer) {
            case Answer.Good good -> "good, of " + times(good.times());
            case Answer.Revoked revoked ->
                "revoked since " + Words.minute(revoked.at())
                        + (revoked.reason().isEmpty() ? "" : " (" + revoked.reason() + ")") + ", of "
                        + times(revoked.times());
            case Answer.Failed failed -> failed.failure().message();
        };
    }

    private static String times(Answer.Times times) {
        return Words.minute(times.thisUpdate())
                + times.nextUpdate().map(next -> ", next due " + Words.minute(next)).orElse("");
    }
}
