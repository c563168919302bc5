package dev.gatewatch.probes.revocation;

import dev.gatewatch.probes.revocation.Pki.Held;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.operator.ContentSigner;

/** A revocation list with very many entries, well signed. */
final class BigList {
    private BigList() {}

    /** At least so many bytes of entries with numbers from a million on, and one of its own at the end. */
    static byte[] of(Held issuer, int bytes, long last) {
        try {
            Instant now = Instant.now();
            ContentSigner signer = issuer.signer();
            var time = new Time(Date.from(now.minus(Duration.ofHours(1))));
            var entries = new ByteArrayOutputStream(bytes + 1_000);
            byte[] date = der(time);
            for (long serial = 1_000_000; entries.size() < bytes; serial++) {
                entries.writeBytes(sequence(der(new ASN1Integer(serial)), date));
            }
            entries.writeBytes(sequence(der(new ASN1Integer(last)), date));
            byte[] algorithm = der(signer.getAlgorithmIdentifier());
            byte[] tbs = sequence(
                    der(new ASN1Integer(1)),
                    algorithm,
                    issuer.certificate().getSubjectX500Principal().getEncoded(),
                    date,
                    der(new Time(Date.from(now.plus(Duration.ofDays(1))))),
                    sequence(entries.toByteArray()));
            try (OutputStream out = signer.getOutputStream()) {
                out.write(tbs);
            }
            return sequence(tbs, algorithm, der(new DERBitString(signer.getSignature())));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] der(ASN1Encodable what) throws IOException {
        return what.toASN1Primitive().getEncoded("DER");
    }

    private static byte[] sequence(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        var out = new ByteArrayOutputStream(length + 6);
        out.write(0x30);
        if (length < 0x80) {
            out.write(length);
        } else {
            out.write(0x84);
            for (int shift = 24; shift >= 0; shift -= 8) {
                out.write(length >> shift);
            }
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
