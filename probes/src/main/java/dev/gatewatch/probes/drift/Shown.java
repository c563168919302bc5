package dev.gatewatch.probes.drift;

import dev.gatewatch.probes.httpclient.HeaderText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How values are shown and remembered: those of secrets as a short keyed hash, so that a difference is seen and nothing can be learnt
 * from it. Immutable.
 *
 * @param salt the key of the hash, the same for all runs of a series and nobody else's
 * @param secrets paths that are secret although their names do not say so
 */
record Shown(String salt, List<PathGlob> secrets) {
    private static final int LONGEST = 80;
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i)(passw(or)?d|passphrase|pwd|secret|token|credential|private[-_.]?key|api[-_.]?key|access[-_.]?key|encryption[-_.]?key)");
    private static final Pattern IN_URL = Pattern.compile("(://[^/\\s:@]{0,200}:)[^@/\\s]{1,500}@");
    private static final Pattern IN_QUERY =
            Pattern.compile("(?i)([a-z0-9_.-]{0,40}(?:password|passwd|pwd|secret|token|key|sig(?:nature)?)=)[^&;\\s]{1,2000}");

    boolean isSecret(String path) {
        String last = path.substring(path.lastIndexOf('.') + 1).replaceAll("\\[\\d+]$", "");
        return SECRET_NAME.matcher(path).find() || HeaderText.namesCredential(last) || PathGlob.any(secrets, path);
    }

    /** A value for a message. */
    String of(String path, String value) {
        if (isSecret(path)) {
            return value.equals(ActuatorEnv.HIDDEN) ? "hidden by the target" : hash(value);
        }
        String masked = IN_QUERY.matcher(IN_URL.matcher(value).replaceAll("$1<secret>@")).replaceAll("$1<secret>");
        String cut = masked.length() > LONGEST ? masked.substring(0, LONGEST - 1) + "…" : masked;
        return "\"" + cut + "\"";
    }

    /** A short hash that tells values apart: {@code sha256:1f3a90bc}. */
    String hash(String value) {
        return "sha256:" + digest(value).substring(0, 8);
    }

    /** 64 hex digits. */
    String digest(String value) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salt.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }
}
