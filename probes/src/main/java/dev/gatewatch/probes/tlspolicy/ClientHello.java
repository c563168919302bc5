package dev.gatewatch.probes.tlspolicy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The bytes of a ClientHello in its record (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2, RFC 6101 section 5.6.1.2). Written by hand,
 * as no library offers what it holds for broken. Pure functions but for random bytes.
 */
final class ClientHello {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int RENEGOTIATION_SCSV = 0x00FF;
    private static final int X25519 = 0x001D;

    /** x25519, P-256, P-384, P-521, x448, and for old servers secp256k1, P-224, P-192. No ffdhe: RFC 7919 would hide a server's own. */
    private static final int[] GROUPS = {X25519, 0x0017, 0x0018, 0x0019, 0x001E, 0x0016, 0x0015, 0x0013};

    private static final int[] GROUPS_TLS13 = {X25519, 0x0017, 0x0018, 0x0019, 0x001E, 0x0100, 0x0101};

    /** All kinds of keys with all hashes down to SHA-1, so that no certificate stands between the offer and its answer. */
    private static final int[] SIGNATURES = {
        0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601,
        0x0303, 0x0301, 0x0402, 0x0302, 0x0203, 0x0201, 0x0202
    };

    private ClientHello() {}

    /**
     * A hello.
     *
     * @param serverName to send as SNI, where the version has such
     */
    static byte[] of(Offer offer, Optional<String> serverName) {
        boolean tls13 = offer.newest() == Protocol.TLS13;
        var body = new Out();
        body.two(Math.min(offer.newest().code(), Protocol.TLS12.code()));
        body.bytes(random(32));
        body.oneSized(tls13 ? random(32) : new byte[0]); // as of a session: some boxes on the way want it (appendix D.4)
        var suites = new Out();
        offer.suites().forEach(s -> suites.two(s.code()));
        if (!tls13) {
            suites.two(RENEGOTIATION_SCSV);
        }
        body.twoSized(suites.toByteArray());
        body.oneSized(new byte[] {0}); // no compression
        if (offer.newest() != Protocol.SSL3) {
            byte[] extensions = extensions(offer.newest(), serverName);
            body.twoSized(padded(extensions, 4 + body.size() + 2 + extensions.length));
        }
        var message = new Out();
        message.one(1);
        message.three(body.size());
        message.bytes(body.toByteArray());
        var record = new Out();
        record.one(22);
        record.two(offer.newest() == Protocol.SSL3 ? Protocol.SSL3.code() : Protocol.TLS10.code());
        record.twoSized(message.toByteArray());
        return record.toByteArray();
    }

    private static byte[] extensions(Protocol newest, Optional<String> serverName) {
        boolean tls13 = newest == Protocol.TLS13;
        var all = new Out();
        if (serverName.isPresent()) {
            var name = new Out();
            name.one(0);
            name.twoSized(serverName.get().getBytes(StandardCharsets.US_ASCII));
            all.extension(0, sized(name));
        }
        all.extension(10, sized(twos(tls13 ? GROUPS_TLS13 : GROUPS)));
        all.extension(11, new byte[] {1, 0});
        if (newest.compareTo(Protocol.TLS12) >= 0) {
            all.extension(13, sized(twos(SIGNATURES)));
        }
        all.extension(23, new byte[0]); // extended master secret, which servers in FIPS mode want
        if (tls13) {
            all.extension(43, new byte[] {2, 3, 4});
            all.extension(45, new byte[] {1, 1});
            var share = new Out();
            share.two(X25519);
            share.twoSized(random(32)); // any 32 bytes are a key (RFC 7748 section 5)
            all.extension(51, sized(share));
        }
        return all.toByteArray();
    }

    /** Some servers hang on hellos of 256 to 511 bytes (RFC 7685). */
    private static byte[] padded(byte[] extensions, int helloLength) {
        if (helloLength < 256 || helloLength >= 512) {
            return extensions;
        }
        var all = new Out();
        all.bytes(extensions);
        all.extension(21, new byte[Math.max(0, 512 - helloLength - 4)]);
        return all.toByteArray();
    }

    private static Out twos(int[] values) {
        var out = new Out();
        for (int value : values) {
            out.two(value);
        }
        return out;
    }

    private static byte[] sized(Out content) {
        var out = new Out();
        out.twoSized(content.toByteArray());
        return out.toByteArray();
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** Numbers in network order, and vectors behind their length. */
    private static final class Out {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void one(int value) {
            bytes.write(value);
        }

        void two(int value) {
            bytes.write(value >> 8);
            bytes.write(value);
        }

        void three(int value) {
            bytes.write(value >> 16);
            two(value);
        }

        void bytes(byte[] value) {
            bytes.writeBytes(value);
        }

        void oneSized(byte[] value) {
            one(value.length);
            bytes(value);
        }

        void twoSized(byte[] value) {
            two(value.length);
            bytes(value);
        }

        void extension(int type, byte[] value) {
            two(type);
            twoSized(value);
        }

        int size() {
            return bytes.size();
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}
