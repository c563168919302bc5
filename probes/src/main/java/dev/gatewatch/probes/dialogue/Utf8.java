package dev.gatewatch.probes.dialogue;

/**
 * Bytes that may be UTF-8 (RFC 3629), made such for RE2/J, which takes a byte that is none for the end of its input. Pure functions.
 */
final class Utf8 {
    /** ASCII's SUBSTITUTE: one byte, so that offsets stay what they are. */
    private static final byte SUBSTITUTE = 0x1A;

    private Utf8() {}

    /** Replaces, in place, every byte that belongs to no character. */
    static byte[] substituted(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            int length = length(bytes, at);
            if (length == 0) {
                bytes[at++] = SUBSTITUTE;
            } else {
                at += length;
            }
        }
        return bytes;
    }

    /** The bytes of the character that begins there; 0 where none does. */
    private static int length(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > bytes.length) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[at + 1] & 0xFF;
        boolean other = (first == 0xE0 && second < 0xA0) // longer than need be
                || (first == 0xED && second >= 0xA0) // a half of a pair
                || (first == 0xF0 && second < 0x90)
                || (first == 0xF4 && second >= 0x90); // beyond the last character
        return other ? 0 : length;
    }
}
