package dev.gatewatch.probes.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probes.tls.Certificates;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpiryWindowTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = "|",
            nullValues = "-",
            textBlock =
                    """
            # begins and ends in days | degraded_within | written | share | for all | said
            -60 | 30  | 14 | false | 0.2  | false | -
            -60 | 13  | 14 | false | 0.2  | false | the certificate chain ends in 13 days (2026-03-15 12:00 UTC)
            -60 | -1  | 14 | false | 0.2  | false | -
            -2  | 4   | 14 | false | 0.2  | false | -
            -5  | 1   | 14 | false | 0.2  | false | the certificate chain ends in 1 day (2026-03-03 12:00 UTC): 17% of its lifetime of 6 days is left, less than 20%
            -60 | 30  | 14 | false | 0.5  | false | -
            -60 | 30  | 14 | false | 0.5  | true  | the certificate chain ends in 30 days (2026-04-01 12:00 UTC): 33% of its lifetime of 90 days is left, less than 50%
            -60 | 30  | 0  | false | 0.2  | false | -
            -60 | 30  | 45 | false | 0.34 | false | the certificate chain ends in 30 days (2026-04-01 12:00 UTC): 33% of its lifetime of 90 days is left, less than 34%
            -60 | 30  | 45 | true | 0.2  | false | the certificate chain ends in 30 days (2026-04-01 12:00 UTC)
            -2  | 4   | 14 | true | 0.2  | false | the certificate chain ends in 4 days (2026-03-06 12:00 UTC)
            """)
    void daysCountForLongLivesAndSharesForShortOnes(
            int from, int until, int within, boolean written, double share, boolean forAll, @Nullable String said) {
        X509Certificate certificate = Certificates.serverFor(from, until).certificate();
        var window = new ExpiryWindow(Duration.ofDays(within), written, share, forAll);

        assertThat(window.endsSoon(List.of(certificate), Certificates.NOW).orElse(null)).isEqualTo(said);
    }
}
