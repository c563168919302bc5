package dev.gatewatch.probes.nameserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

class RecordTextTest {
    /** Of RFC 5952 sections 4 and 5. */
    @ParameterizedTest
    @CsvSource({
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "203.0.113.10, 203.0.113.10",
    })
    void addressesAreInTheirShortestForm(String written, String shortest) {
        assertThat(RecordText.address(InetAddress.ofLiteral(written))).isEqualTo(shortest);
        assertThat(RecordText.canonical(written)).isEqualTo(shortest);
    }

    @ParameterizedTest
    @CsvSource({
        "Mail.Example.COM., mail.example.com",
        ".,.",
        "10 mail.example.com., 10 mail.example.com.",
        "spf1:all, spf1:all",
    })
    void namesAreComparedWithoutCaseAndLastDot(String written, String canonical) {
        assertThat(RecordText.canonical(written)).isEqualTo(canonical);
    }

    @Test
    void aLineIsAsInAZoneFilePartedByTabs() throws Exception {
        assertThat(RecordText.line(record(Type.AAAA, "2001:db8:0::1")))
                .isEqualTo("pay.example.\t60\tIN\tAAAA\t2001:db8::1");
        assertThat(RecordText.line(record(Type.SOA, "ns. box. 7 1 2 3 4"))).isEqualTo("pay.example.\t60\tIN\tSOA\tns. box. 7 1 2 3 4");
        assertThat(RecordText.line(record(Type.TXT, "\"a b\" c"))).isEqualTo("pay.example.\t60\tIN\tTXT\t\"a b\" \"c\"");
    }

    private static Record record(int type, String data) throws Exception {
        return Record.fromString(Name.fromString("pay.example."), type, DClass.IN, 60, data, Name.root);
    }
}
