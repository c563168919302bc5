package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Answers digest challenges of one target (RFC 7616, 3.4) for the requests of a run: a nonce is used again, with its count, until the
 * target calls it stale. Confined to the run's thread.
 */
final class DigestLogin {
    private static final HexFormat HEX = HexFormat.of();

    private final Auth.Digest who;
    private final String cnonce;
    private @Nullable DigestChallenge challenge;
    private int count;

    /**
     * A login that has not been asked for yet.
     *
     * @param cnonce random for each run
     */
    DigestLogin(Auth.Digest who, String cnonce) {
        this.who = who;
        this.cnonce = cnonce;
    }

    /**
     * Takes a 401's challenge.
     *
     * @param answered whether the request carried an answer already
     * @return whether to send the request again: for a first challenge, or where only the nonce was too old
     */
    boolean challenged(Headers headers, boolean answered) {
        Optional<DigestChallenge> next = DigestChallenge.first(headers.values("WWW-Authenticate"));
        if (next.isEmpty() || (answered && !next.get().stale())) {
            return false;
        }
        challenge = next.get();
        count = 0;
        return true;
    }

    /** The {@code Authorization} header for a request; nothing before the first challenge. */
    Optional<Secret> header(String method, HttpUrl url, ByteString body) {
        if (challenge == null) {
            return Optional.empty();
        }
        DigestChallenge c = challenge;
        String nc = String.format(Locale.ROOT, "%08x", ++count);
        String query = url.encodedQuery();
        String uri = url.encodedPath() + (query == null ? "" : "?" + query);
        String user = hash(c, who.username() + ":" + c.realm() + ":" + who.password().reveal());
        String a1 = c.session() ? hash(c, user + ":" + c.nonce() + ":" + cnonce) : user;
        String a2 = hash(c, method + ":" + uri + (c.qop().equals("auth-int") ? ":" + hash(c, body.toByteArray()) : ""));
        String response = c.qop().isEmpty()
                ? hash(c, a1 + ":" + c.nonce() + ":" + a2)
                : hash(c, String.join(":", List.of(a1, c.nonce(), nc, cnonce, c.qop(), a2)));
        var header = new StringBuilder("Digest ").append(username(c));
        header.append(", realm=").append(quoted(c.realm())).append(", uri=").append(quoted(uri));
        if (!c.algorithm().isEmpty()) {
            header.append(", algorithm=").append(c.algorithm());
        }
        header.append(", nonce=").append(quoted(c.nonce()));
        if (!c.qop().isEmpty()) {
            header.append(", nc=").append(nc).append(", cnonce=").append(quoted(cnonce)).append(", qop=").append(c.qop());
        } else if (c.session()) {
            header.append(", cnonce=").append(quoted(cnonce));
        }
        header.append(", response=").append(quoted(response));
        c.opaque().ifPresent(opaque -> header.append(", opaque=").append(quoted(opaque)));
        if (c.hashesUser()) {
            header.append(", userhash=true");
        }
        return Optional.of(new Secret(header.toString()));
    }

    private String username(DigestChallenge c) {
        if (c.hashesUser()) {
            return "username=" + quoted(hash(c, who.username() + ":" + c.realm()));
        }
        boolean plain = who.username().chars().allMatch(ch -> ch >= ' ' && ch < 0x7f);
        return plain ? "username=" + quoted(who.username()) : "username*=UTF-8''" + extended(who.username());
    }

    /** RFC 8187. */
    private static String extended(String text) {
        var out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-' || b == '.' || b == '_';
            out.append(plain ? String.valueOf((char) b) : "%" + HEX.withUpperCase().toHexDigits(b));
        }
        return out.toString();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String hash(DigestChallenge c, String text) {
        return hash(c, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(DigestChallenge c, byte[] bytes) {
        try {
            return HEX.formatHex(MessageDigest.getInstance(c.hash()).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java runtime has no " + c.hash(), e);
        }
    }
}
