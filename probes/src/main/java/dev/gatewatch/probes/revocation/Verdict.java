package dev.gatewatch.probes.revocation;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.revocation.Answer.Failed;
import dev.gatewatch.probes.revocation.Answer.Good;
import dev.gatewatch.probes.revocation.Answer.Kind;
import dev.gatewatch.probes.revocation.Answer.Revoked;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What to make of a finding under an operator's policies. Pure functions. */
final class Verdict {
    private Verdict() {}

    /** The worst first; empty where there is nothing to say. */
    static List<Concern> of(Finding finding, RevocationSettings settings) {
        Optional<Revoked> revoked = Stream.of(finding.staple(), finding.ocsp(), finding.crl())
                .flatMap(Optional::stream)
                .filter(Revoked.class::isInstance)
                .map(Revoked.class::cast)
                .findFirst();
        if (revoked.isPresent()) {
            return List.of(Concern.failed(revoked(finding, revoked.get())));
        }
        var concerns = new ArrayList<Concern>();
        staple(finding, settings).ifPresent(concerns::add);
        ocsp(finding, settings).ifPresent(concerns::add);
        crl(finding, settings, concerns.isEmpty()).ifPresent(concerns::add);
        concerns.sort((a, b) -> b.outcome().compareTo(a.outcome()));
        return concerns;
    }

    private static Failure revoked(Finding finding, Revoked answer) {
        return new Failure(
                Cause.CERT_REVOKED,
                finding.name() + " is revoked since " + Words.minute(answer.at())
                        + (answer.reason().isEmpty() ? "" : " (" + answer.reason() + ")") + ", says " + answer.by());
    }

    private static Optional<Concern> staple(Finding finding, RevocationSettings settings) {
        if (settings.ocsp() == Policy.OFF || !finding.presented() || !finding.issuerKnown()) {
            return Optional.empty();
        }
        if (finding.staple().isEmpty()) {
            boolean wanted = settings.mustStaple() || finding.named().mustStaple();
            return wanted
                    ? Optional.of(Concern.failed(unavailable("the server staples no OCSP answer, which "
                            + (settings.mustStaple() ? "must_staple asks for" : "the certificate demands (must-staple)"))))
                    : Optional.empty();
        }
        return finding.staple()
                .filter(Failed.class::isInstance)
                .map(Failed.class::cast)
                .map(f -> f.kind() == Kind.INVALID || settings.ocsp() == Policy.HARD
                        ? Concern.failed(f.failure())
                        : Concern.degraded(f.failure()));
    }

    private static Optional<Concern> ocsp(Finding finding, RevocationSettings settings) {
        boolean hard = settings.ocsp() == Policy.HARD;
        if (finding.ocsp().isPresent()) {
            boolean needed = hard && !isGood(finding.staple());
            return asked(finding.ocsp().get(), hard, needed);
        }
        boolean answered = isGood(finding.staple()) || isGood(finding.crl());
        return hard && !answered ? Optional.of(nobody(finding, "names no OCSP responder")) : Optional.empty();
    }

    private static Optional<Concern> crl(Finding finding, RevocationSettings settings, boolean first) {
        boolean hard = settings.crl() == Policy.HARD;
        if (finding.crl().isPresent()) {
            return asked(finding.crl().get(), hard, hard);
        }
        boolean answered = isGood(finding.staple()) || isGood(finding.ocsp());
        return hard && !answered && first
                ? Optional.of(nobody(finding, "names no revocation list"))
                : Optional.empty();
    }

    private static Concern nobody(Finding finding, String why) {
        return Concern.failed(unavailable("whether " + finding.name() + " is revoked cannot be learnt: "
                + (finding.issuerKnown() ? "it " + why : "its issuer's certificate is not at hand")));
    }

    /**
     * A concern about an answer to our own question.
     *
     * @param needed whether it is bad that there is none
     */
    private static Optional<Concern> asked(Answer answer, boolean hard, boolean needed) {
        if (!(answer instanceof Failed failed)) {
            return Optional.empty();
        }
        if (failed.kind() == Kind.UNAVAILABLE) {
            return needed ? Optional.of(Concern.failed(failed.failure())) : Optional.empty();
        }
        return Optional.of(hard ? Concern.failed(failed.failure()) : Concern.degraded(failed.failure()));
    }

    private static boolean isGood(Optional<Answer> answer) {
        return answer.filter(Good.class::isInstance).isPresent();
    }

    private static Failure unavailable(String what) {
        return new Failure(Cause.OCSP_UNAVAILABLE, what);
    }
}
