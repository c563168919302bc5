package dev.gatewatch.probes.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.revocation.Answer.Failed;
import dev.gatewatch.probes.revocation.Answer.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    /** What each way says: a letter each, none for "was not asked". */
    private static Optional<Answer> answer(String letter, boolean list) {
        var times = new Answer.Times(Optional.empty(), AT, Optional.empty());
        return switch (letter) {
            case "-" -> Optional.empty();
            case "good" -> Optional.of(new Answer.Good(times));
            case "revoked" -> Optional.of(new Answer.Revoked("the answer", AT, "superseded", times));
            case "down" -> Optional.of(new Failed(Kind.UNAVAILABLE, new Failure(Cause.OCSP_UNAVAILABLE, "down")));
            case "forbidden" ->
                Optional.of(new Failed(Kind.UNAVAILABLE, new Failure(Cause.TARGET_FORBIDDEN, "forbidden")));
            case "stale" ->
                Optional.of(new Failed(
                        Kind.STALE, new Failure(list ? Cause.CRL_STALE : Cause.OCSP_INVALID, "stale")));
            case "forged" -> Optional.of(new Failed(Kind.INVALID, new Failure(Cause.OCSP_INVALID, "forged")));
            default -> throw new IllegalArgumentException(letter);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "|",
            textBlock =
                    """
            # ocsp   | crl  | staple  | asked     | list    | status  | outcome  | cause
            stapled  | off  | -       | -         | -       | UNKNOWN | PASS     |
            stapled  | off  | good    | -         | -       | GOOD    | PASS     |
            stapled  | off  | revoked | -         | -       | REVOKED | FAIL     | CERT_REVOKED
            stapled  | off  | stale   | -         | -       | UNKNOWN | DEGRADED | OCSP_INVALID
            stapled  | off  | forged  | -         | -       | UNKNOWN | FAIL     | OCSP_INVALID
            soft     | off  | -       | good      | -       | GOOD    | PASS     |
            soft     | off  | -       | revoked   | -       | REVOKED | FAIL     | CERT_REVOKED
            soft     | off  | -       | down      | -       | UNKNOWN | PASS     |
            soft     | off  | -       | forbidden | -       | UNKNOWN | PASS     |
            soft     | off  | -       | forged    | -       | UNKNOWN | DEGRADED | OCSP_INVALID
            soft     | off  | -       | stale     | -       | UNKNOWN | DEGRADED | OCSP_INVALID
            soft     | off  | good    | revoked   | -       | REVOKED | FAIL     | CERT_REVOKED
            soft     | off  | stale   | good      | -       | GOOD    | DEGRADED | OCSP_INVALID
            soft     | off  | -       | -         | -       | UNKNOWN | PASS     |
            hard     | off  | -       | good      | -       | GOOD    | PASS     |
            hard     | off  | -       | down      | -       | UNKNOWN | FAIL     | OCSP_UNAVAILABLE
            hard     | off  | -       | forbidden | -       | UNKNOWN | BROKEN   | TARGET_FORBIDDEN
            hard     | off  | -       | forged    | -       | UNKNOWN | FAIL     | OCSP_INVALID
            hard     | off  | good    | down      | -       | GOOD    | PASS     |
            hard     | off  | stale   | good      | -       | GOOD    | FAIL     | OCSP_INVALID
            hard     | off  | -       | -         | -       | UNKNOWN | FAIL     | OCSP_UNAVAILABLE
            hard     | soft | -       | -         | good    | GOOD    | PASS     |
            hard     | soft | -       | -         | down    | UNKNOWN | FAIL     | OCSP_UNAVAILABLE
            off      | soft | -       | -         | revoked | REVOKED | FAIL     | CERT_REVOKED
            off      | soft | -       | -         | stale   | UNKNOWN | DEGRADED | CRL_STALE
            off      | soft | -       | -         | down    | UNKNOWN | PASS     |
            off      | hard | -       | -         | stale   | UNKNOWN | FAIL     | CRL_STALE
            off      | hard | -       | -         | down    | UNKNOWN | FAIL     | OCSP_UNAVAILABLE
            off      | hard | -       | -         | -       | UNKNOWN | FAIL     | OCSP_UNAVAILABLE
            soft     | hard | -       | good      | -       | GOOD    | PASS     |
            soft     | hard | -       | good      | down    | GOOD    | FAIL     | OCSP_UNAVAILABLE
            soft     | soft | -       | good      | revoked | REVOKED | FAIL     | CERT_REVOKED
            soft     | soft | -       | good      | stale   | GOOD    | DEGRADED | CRL_STALE
            """)
    void policiesDecideWhatAnAnswerMeans(
            String ocsp,
            String crl,
            String staple,
            String asked,
            String list,
            Status status,
            Outcome outcome,
            @Nullable Cause cause) {
        var settings = Sections.read(RevocationSettings.TYPE, Map.of("ocsp", ocsp, "crl", crl));
        var finding = finding(false, answer(staple, false), answer(asked, false), answer(list, true));

        List<Concern> concerns = Verdict.of(finding, settings);

        assertThat(finding.status()).isEqualTo(status);
        assertThat(concerns.isEmpty() ? Outcome.PASS : concerns.getFirst().outcome()).isEqualTo(outcome);
        if (cause != null) {
            assertThat(concerns.getFirst().failure().cause()).isEqualTo(cause);
        }
    }

    @Test
    void aMissingStapleFailsWhereItWasAskedForOrPromised() {
        var finding = finding(false, Optional.empty(), Optional.empty(), Optional.empty());
        var promised = finding(true, Optional.empty(), Optional.empty(), Optional.empty());
        var stapled = Sections.read(RevocationSettings.TYPE, Map.of("ocsp", "stapled"));
        var must = Sections.read(RevocationSettings.TYPE, Map.of("ocsp", "stapled", "must_staple", true));

        assertThat(Verdict.of(finding, stapled)).isEmpty();
        assertThat(Verdict.of(finding, must)).singleElement().satisfies(concern -> {
            assertThat(concern.outcome()).isEqualTo(Outcome.FAIL);
            assertThat(concern.failure().cause()).isEqualTo(Cause.OCSP_UNAVAILABLE);
        });
        assertThat(Verdict.of(promised, stapled))
                .singleElement()
                .asString()
                .contains("which the certificate demands (must-staple)");
    }

    private static Finding finding(
            boolean mustStaple, Optional<Answer> staple, Optional<Answer> ocsp, Optional<Answer> crl) {
        return new Finding(
                "the certificate",
                new NamedSources(List.of(), List.of(), mustStaple),
                true,
                true,
                staple,
                ocsp,
                crl);
    }
}
