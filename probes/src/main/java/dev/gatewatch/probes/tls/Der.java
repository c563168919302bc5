package dev.gatewatch.probes.tls;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;

/** The little DER (X.690) that wraps older private key forms as PKCS#8, the only one that the JDK reads. */
final class Der {
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;
    /** [0] EXPLICIT, the curve's parameters within ECPrivateKey (RFC 5915 section 3). */
    private static final int EC_PARAMETERS = 0xA0;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    /** SEQUENCE { OID 1.2.840.113549.1.1.1, NULL } */
    private static final byte[] RSA = {
        SEQUENCE, 13, 6, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0
    };
    /** OID 1.2.840.10045.2.1 */
    private static final byte[] EC = {6, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

    private Der() {}

    /** PKCS#1's RSAPrivateKey as PKCS#8. */
    static byte[] pkcs8OfRsa(byte[] pkcs1) {
        return tag(SEQUENCE, VERSION_0, RSA, tag(OCTETS, pkcs1));
    }

    /** SEC 1's ECPrivateKey as PKCS#8; the curve's name is taken from within. */
    static byte[] pkcs8OfEc(byte[] sec1, Path file) throws PemException {
        try {
            int end = contentEnd(sec1, 0);
            for (int at = contentStart(sec1, 0); at < end; at = contentEnd(sec1, at)) {
                if ((sec1[at] & 0xFF) == EC_PARAMETERS) {
                    byte[] curve = Arrays.copyOfRange(sec1, contentStart(sec1, at), contentEnd(sec1, at));
                    return tag(SEQUENCE, VERSION_0, tag(SEQUENCE, EC, curve), tag(OCTETS, sec1));
                }
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException _) {
            throw new PemException("the key in " + file + " is damaged");
        }
        throw new PemException("the EC key in " + file + " does not name its curve; convert it with openssl pkey");
    }

    private static int contentStart(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
    }

    private static int contentEnd(byte[] der, int at) {
        int first = der[at + 1] & 0xFF;
        int length = first;
        if (first >= 0x80) {
            length = 0;
            for (int i = 0; i < (first & 0x7F); i++) {
                length = (length << 8) | (der[at + 2 + i] & 0xFF);
            }
        }
        int end = contentStart(der, at) + length;
        if (length < 0 || end > der.length || end < 0) {
            throw new IllegalArgumentException();
        }
        return end;
    }

    private static byte[] tag(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> (8 * i));
            }
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
