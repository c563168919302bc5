package dev.gatewatch.probes.revocation;

import dev.gatewatch.probe.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * A certificate revocation list (RFC 5280 section 5) as its bytes: entries are walked when a serial number is looked for, so that a list
 * of half a million needs no more memory than it came in. Immutable, safe for many threads.
 */
final class Crl {
    private static final int CRL_EXTENSIONS = 0xA0;

    /** So many bytes, or entries, are worked through before the clock is looked at. */
    private static final int STRIDE_BYTES = 1 << 20;

    private static final int STRIDE_ENTRIES = 1 << 12;
    private static final byte[] PEM = "-----BEGIN".getBytes(StandardCharsets.US_ASCII);

    private final byte[] der;
    private final int tbsFrom;
    private final int tbsTo;
    private final AlgorithmIdentifier algorithm;
    private final byte[] signature;
    private final X500Name issuer;
    private final Instant thisUpdate;
    private final Optional<Instant> nextUpdate;
    private final Optional<DerCursor.Element> entries;
    private final Optional<Extensions> extensions;

    private Crl(byte[] der) throws DerException {
        this.der = der;
        var file = new DerCursor(der);
        var list = file.in(file.next(DerCursor.SEQUENCE));
        DerCursor.Element tbs = list.next(DerCursor.SEQUENCE);
        this.tbsFrom = tbs.from();
        this.tbsTo = tbs.end();
        this.algorithm = AlgorithmIdentifier.getInstance(small(list, list.next(DerCursor.SEQUENCE)));
        this.signature = ASN1BitString.getInstance(small(list, list.next(DerCursor.BIT_STRING))).getOctets();

        var in = list.in(tbs);
        if (in.peek() == DerCursor.INTEGER) {
            in.next();
        }
        if (!algorithm.equals(AlgorithmIdentifier.getInstance(small(in, in.next(DerCursor.SEQUENCE))))) {
            throw new DerException("it names two signature algorithms");
        }
        this.issuer = X500Name.getInstance(small(in, in.next(DerCursor.SEQUENCE)));
        this.thisUpdate = time(in);
        boolean hasNext = in.peek() == DerCursor.UTC_TIME || in.peek() == DerCursor.GENERALIZED_TIME;
        this.nextUpdate = hasNext ? Optional.of(time(in)) : Optional.empty();
        this.entries = in.peek() == DerCursor.SEQUENCE ? Optional.of(in.next()) : Optional.empty();
        this.extensions = in.peek() == CRL_EXTENSIONS
                ? Optional.of(Extensions.getInstance(small(in, in.in(in.next()).next(DerCursor.SEQUENCE))))
                : Optional.empty();
    }

    /** What was revoked, when, and why in words where a reason is given. */
    record Entry(Instant at, String reason) {}

    /**
     * Reads a list from DER, or from PEM with one in it.
     *
     * @throws DerException when it is none
     */
    static Crl parse(byte[] content) throws DerException {
        try {
            return new Crl(isPem(content) ? ofPem(content) : content);
        } catch (RuntimeException e) {
            // Bouncy Castle tells of hostile bytes by exceptions of many kinds
            throw new DerException("not a revocation list");
        }
    }

    private static boolean isPem(byte[] content) {
        return content.length > PEM.length && Arrays.equals(content, 0, PEM.length, PEM, 0, PEM.length);
    }

    private static byte[] ofPem(byte[] content) throws DerException {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        String begin = "-----BEGIN X509 CRL-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END X509 CRL-----");
        if (from < 0 || to < from) {
            throw new DerException("not a revocation list");
        }
        return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    }

    private static Instant time(DerCursor in) throws DerException {
        return Time.getInstance(small(in, in.next())).getDate().toInstant();
    }

    /** An element for a parser that recurses. */
    private static ASN1Primitive small(DerCursor in, DerCursor.Element element) throws DerException {
        if (element.length() > OcspJudge.LARGEST) {
            throw new DerException("an element of it is too large");
        }
        byte[] whole = in.whole(element);
        DerCursor.check(whole);
        try {
            return ASN1Primitive.fromByteArray(whole);
        } catch (IOException _) {
            throw new DerException("not a revocation list");
        }
    }

    X500Name issuer() {
        return issuer;
    }

    Instant thisUpdate() {
        return thisUpdate;
    }

    Optional<Instant> nextUpdate() {
        return nextUpdate;
    }

    Optional<Extensions> extensions() {
        return extensions;
    }

    /** How many bytes it holds. */
    int size() {
        return der.length;
    }

    /**
     * Whether the key made this list's signature.
     *
     * @throws InterruptedIOException when the time is over first, or the thread is interrupted
     */
    boolean isSignedBy(X509Certificate authority, Deadline deadline) throws InterruptedIOException {
        if (Crypto.isForgeable(algorithm)) {
            return false;
        }
        try {
            ContentVerifier verifier = Crypto.verifier(
                            SubjectPublicKeyInfo.getInstance(authority.getPublicKey().getEncoded()))
                    .get(algorithm);
            try (OutputStream out = verifier.getOutputStream()) {
                for (int at = tbsFrom; at < tbsTo; at += STRIDE_BYTES) {
                    goOn(deadline);
                    out.write(der, at, Math.min(STRIDE_BYTES, tbsTo - at));
                }
            }
            return verifier.verify(signature);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | OperatorCreationException | RuntimeException _) {
            return false; // a key of another algorithm, or a signature that is none
        }
    }

    private static void goOn(Deadline deadline) throws InterruptedIOException {
        if (deadline.passed() || Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("the list was not worked through in time");
        }
    }

    /**
     * The entry of a serial number.
     *
     * @throws InterruptedIOException when the time is over first, or the thread is interrupted
     */
    Optional<Entry> find(BigInteger serial, Deadline deadline) throws DerException, InterruptedIOException {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        byte[] wanted = serial.toByteArray();
        var all = new DerCursor(der).in(entries.get());
        for (int seen = 0; all.hasNext(); seen++) {
            if (seen % STRIDE_ENTRIES == 0) {
                goOn(deadline);
            }
            DerCursor.Element element = all.next(DerCursor.SEQUENCE);
            var in = all.in(element);
            DerCursor.Element number = in.next(DerCursor.INTEGER);
            if (Arrays.equals(der, number.content(), number.end(), wanted, 0, wanted.length)) {
                return Optional.of(entry(in));
            }
        }
        return Optional.empty();
    }

    private static Entry entry(DerCursor in) throws DerException {
        try {
            Instant at = time(in);
            if (!in.hasNext()) {
                return new Entry(at, "");
            }
            Extension reason = Extensions.getInstance(small(in, in.next())).getExtension(Extension.reasonCode);
            return new Entry(
                    at,
                    reason == null
                            ? ""
                            : Words.reason(ASN1Enumerated.getInstance(reason.getParsedValue()).intValueExact()));
        } catch (RuntimeException _) {
            throw new DerException("an entry is malformed");
        }
    }
}
