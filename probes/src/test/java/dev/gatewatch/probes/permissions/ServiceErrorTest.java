package dev.gatewatch.probes.permissions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probes.httpclient.HttpClientFuzz;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

final class ServiceErrorTest {
    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void bytesThatAreNoTextAreNoMatterForStandardError() {
        byte[] body = "<Error><Code>AccessDenied\u00ff</Code></Error>".getBytes(StandardCharsets.ISO_8859_1);
        var said = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(ServiceError.of(HttpClientFuzz.answer(403, "", body)))
                    .hasValueSatisfying(e -> assertThat(e.code()).startsWith("AccessDenied"));
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aByteOrderMarkIsPassedOver() {
        byte[] body = "\uFEFF<Error><Code>AccessDenied</Code></Error>".getBytes(StandardCharsets.UTF_8);

        assertThat(ServiceError.of(HttpClientFuzz.answer(403, "", body))).isPresent();
    }

    @Test
    void aCodeInPiecesIsOneCode() {
        for (String code : new String[] {"Access&#68;enied", "<![CDATA[Access]]>Denied"}) {
            byte[] body = ("<Error><Code>" + code + "</Code></Error>").getBytes(StandardCharsets.UTF_8);

            assertThat(ServiceError.of(HttpClientFuzz.answer(403, "", body)).map(ServiceError::code))
                    .as(code)
                    .contains("AccessDenied");
        }
    }
}
