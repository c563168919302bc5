package dev.gatewatch.probes.tlspolicy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerAnswerTest {
    private static final Offer DHE = Offer.of(SuiteGroup.DHE_AEAD);

    /** A ServerHello of TLS 1.2 with TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, and a ServerKeyExchange with a prime of 512 bits. */
    private static final String HELLO = "02000026" + "0303" + "33".repeat(32) + "00" + "009e" + "00";

    private static final String KEY_EXCHANGE = "0c00004a" + "0040" + "ff".repeat(64) + "000102" + "000104" + "0000";

    @Test
    void messagesAreReadHoweverTheyLieInRecords() throws IOException {
        String messages = HELLO + "0b000003000000" + KEY_EXCHANGE;
        for (int size : List.of(1, 2, 3, 50, 16_384)) {
            var records = new StringBuilder();
            for (int i = 0; i < messages.length(); i += 2 * size) {
                String part = messages.substring(i, Math.min(messages.length(), i + 2 * size));
                records.append("160303%04x".formatted(part.length() / 2)).append(part);
            }

            assertThat(answer(records.toString(), DHE))
                    .isEqualTo(new Answer.Accepted(Protocol.TLS12, 0x009E, OptionalInt.of(512)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tls12, 0303, c02f, '', accepted",
        "tls12, 0302, c013, '', other",
        "tls11, 0302, c013, '', accepted",
        "tls13, 0303, 1301, 002b00020304, accepted",
        "tls13, 0303, c02f, '', other",
        "tls13, 0303, c02f, 002b00020304, other",
        "tls13, 0303, 1301, 00330000002b00020304, accepted",
        "ecdhe_cbc, 0301, c013, '', accepted",
        "ecdhe_cbc, 0303, c02f, '', other",
        "ecdhe_cbc, 7f1c, c013, '', other",
    })
    void aChoiceThatWasNotOfferedIsNoAcceptance(String offer, String version, String suite, String extensions, String result)
            throws IOException {
        String body = version + "44".repeat(32) + "00" + suite + "00"
                + (extensions.isEmpty() ? "" : "%04x".formatted(extensions.length() / 2) + extensions);
        String message = "02%06x".formatted(body.length() / 2) + body;

        Answer answer = answer("160303%04x".formatted(message.length() / 2) + message, Offer.named(offer).orElseThrow());

        assertThat(answer).isInstanceOf(result.equals("accepted") ? Answer.Accepted.class : Answer.Elsewhere.class);
    }

    @Test
    void brokenBytesNeverBreakTheReader() {
        byte[] good = HexFormat.of().parseHex("160303002a" + HELLO + "160303004e" + KEY_EXCHANGE + "15030300020228");
        var random = new Random(11);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(round % 2 == 0 ? 12 : bytes.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            try {
                assertThat(new ServerAnswer(new ByteArrayInputStream(cut)).to(DHE).shown()).isNotBlank();
            } catch (EOFException _) {
                // cut short
            } catch (IOException e) {
                throw new AssertionError(HexFormat.of().formatHex(cut), e);
            }
        }
    }

    @Test
    void everySuiteHasItsGroupAndEveryHelloAFittingSize() {
        for (SuiteGroup group : SuiteGroup.values()) {
            assertThat(Suite.of(group)).as(group.word()).isNotEmpty();
            assertThat(ClientHello.of(Offer.of(group), java.util.Optional.of("pay.example")).length).isLessThan(1_500);
        }
        assertThat(SuiteGroup.STRONGEST_FIRST).containsExactlyInAnyOrder(SuiteGroup.values());
        assertThat(Suite.ofTls13()).hasSize(5);
        assertThat(Suite.common()).hasSizeBetween(60, 127).doesNotHaveDuplicates();
        assertThat(Suite.ALL.stream().filter(s -> !s.tls13()).map(s -> SuiteGroup.of(s.name()))).doesNotContainNull();
    }

    private static Answer answer(String hex, Offer offer) throws IOException {
        return new ServerAnswer(new ByteArrayInputStream(HexFormat.of().parseHex(hex))).to(offer);
    }
}
