package dev.gatewatch.probes.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.probes.nativenet.Family;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoPacketTest {
    private final EchoPacket packets = new EchoPacket(Family.IP4, 0x1234, 0x0807060504030201L, 12);

    @Test
    void aRequestIsAsTheRfcHasIt() {
        assertThat(HexFormat.of().formatHex(packets.request(0x0102)))
                .startsWith("0800")
                .endsWith("12340102" + "0102030405060708" + "696a6b6c");
        assertThat(EchoPacket.checksum(packets.request(7))).as("with its checksum in it the sum is zero").isZero();
    }

    /** The example of RFC 1071 section 3. */
    @Test
    void theChecksumIsThatOfTheRfc() {
        assertThat(EchoPacket.checksum(HexFormat.of().parseHex("0001f203f4f5f6f7"))).isEqualTo((short) ~0xddf2);
        assertThat(EchoPacket.checksum(HexFormat.of().parseHex("01"))).isEqualTo((short) ~0x0100);
    }

    @Test
    void aReplyIsKnownByItsIdentifierAndItsContent() {
        byte[] reply = packets.request(7);
        reply[0] = 0;

        assertThat(packets.sequence(reply, false)).hasValue(7);
        assertThat(packets.intact(reply)).isTrue();

        reply[19]++;
        assertThat(packets.intact(reply)).isFalse();
        assertThat(packets.foreign(reply)).as("the head is ours").isFalse();

        reply[8]++;
        assertThat(packets.foreign(reply)).isTrue();

        reply[4]++;
        assertThat(packets.sequence(reply, false)).isEmpty();
        assertThat(packets.sequence(reply, true)).hasValue(7);
    }

    @Test
    void aRequestIsNoReply() {
        assertThat(packets.sequence(packets.request(7), true)).isEmpty();
        assertThat(packets.quoted(packets.request(7), false)).as("in an error").hasValue(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 65_507})
    void anySizeWillDo(int size) {
        var packet = new EchoPacket(Family.IP6, 1, 2, size);
        byte[] reply = packet.request(3);
        reply[0] = (byte) 129;

        assertThat(reply).hasSize(EchoPacket.HEADER + size);
        assertThat(packet.sequence(reply, false)).hasValue(3);
        assertThat(packet.intact(reply)).isTrue();
    }

    @Test
    void rubbishIsNobodysReply() {
        var random = new Random(5);
        for (int round = 0; round < 10_000; round++) {
            byte[] rubbish = new byte[random.nextInt(40)];
            random.nextBytes(rubbish);
            packets.sequence(rubbish, false);
            packets.quoted(rubbish, false);
            assertThat(packets.intact(rubbish)).isFalse();
        }
    }
}
