package dev.gatewatch.probes.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {
    /** Examples of RFC 9525 section 6.3 among them. */
    @ParameterizedTest
    @CsvSource({
        "pay.example,       pay.example,       true",
        "Pay.Example,       pay.EXAMPLE,       true",
        "pay.example,       pay.example.,      true",
        "pay.example,       a.pay.example,     false",
        "*.pay.example,     eu.pay.example,    true",
        "*.pay.example,     EU.PAY.EXAMPLE,    true",
        "*.pay.example,     pay.example,       false",
        "*.pay.example,     a.eu.pay.example,  false",
        "*.pay.example,     .pay.example,      false",
        "e*.pay.example,    eu.pay.example,    false",
        "*u.pay.example,    eu.pay.example,    false",
        "eu.*.example,      eu.pay.example,    false",
        "*.*.example,       eu.pay.example,    false",
        "*.example,         pay.example,       false",
        "*,                 localhost,         false",
        "xn--bcher-kva.example, bücher.example, true",
        "127.0.0.1,         127.0.0.1,         true",
    })
    void aWildcardStandsForOneWholeLabelAtTheLeft(String pattern, String host, boolean matches) {
        assertThat(HostNames.matches(pattern, host)).isEqualTo(matches);
    }

    @Test
    void anAddressIsFoundOnlyAmongAddresses() {
        var withAddress = Certificates.unnamed().addSubjectAlternativeName("2001:db8::1").build();
        var withName = Certificates.unnamed().addSubjectAlternativeName("pay.example").build();

        assertThat(HostNames.fault(withAddress.certificate(), "2001:DB8:0::1")).isEmpty();
        assertThat(HostNames.fault(withAddress.certificate(), "2001:db8::2")).isPresent();
        assertThat(HostNames.fault(withName.certificate(), "192.0.2.1")).isPresent();
    }

    @Test
    void theCommonNameNamesNobody() {
        var onlyCommonName = Certificates.unnamed().commonName("pay.example").build();

        assertThat(HostNames.fault(onlyCommonName.certificate(), "pay.example").orElseThrow().message())
                .isEqualTo("the certificate names no host at all (no subject alternative name), so not pay.example");
    }

    @Test
    void aLongListOfNamesIsCut() {
        var builder = Certificates.unnamed();
        for (int i = 1; i <= 8; i++) {
            builder.addSubjectAlternativeName("h" + i + ".example");
        }

        assertThat(HostNames.fault(builder.build().certificate(), "pay.example").orElseThrow().message())
                .isEqualTo("the certificate is for h1.example, h2.example, h3.example, h4.example, h5.example and 3 more,"
                        + " not for pay.example");
    }
}
