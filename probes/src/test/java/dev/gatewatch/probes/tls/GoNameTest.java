package dev.gatewatch.probes.tls;

import static org.assertj.core.api.Assertions.assertThat;

import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms were taken from blackbox_exporter; the parity test compares more with it. */
final class GoNameTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "CN=Pay, OU=Ops, O=Example, C=DE | CN=Pay,OU=Ops,O=Example,C=DE",
        "C=DE, O=Example, CN=Pay | CN=Pay,O=Example,C=DE",
        "CN=a, OU=2, OU=1 | CN=a,OU=1+OU=2",
        "CN=late, CN=early | CN=late",
        "EMAILADDRESS=a@b.c, CN=Pay | CN=Pay,1.2.840.113549.1.9.1=#0c056140622e63",
        "'CN=\"Pay, Ltd\", O=\"#1\"' | CN=Pay\\, Ltd,O=\\#1",
    })
    void aNameIsWrittenAsGoWritesIt(String name, String expected) {
        assertThat(GoName.of(new X500Principal(name))).isEqualTo(expected);
    }
}
