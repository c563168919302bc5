package dev.gatewatch.probes.httpclient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code WWW-Authenticate: Digest} challenge that we can answer (RFC 7616, 3.3). Immutable.
 *
 * @param hash as Java names it
 * @param algorithm as the challenge wrote it; empty where it did not, which means MD5
 * @param session whether the first hash is bound to the nonces ({@code -sess})
 * @param qop {@code auth} or {@code auth-int}; empty where the target knows none (RFC 2069)
 * @param stale whether only the nonce was too old
 */
record DigestChallenge(
        String realm,
        String nonce,
        Optional<String> opaque,
        String hash,
        String algorithm,
        boolean session,
        String qop,
        boolean stale,
        boolean hashesUser) {
    private static final Map<String, String> HASHES =
            Map.of("MD5", "MD5", "SHA-256", "SHA-256", "SHA-512-256", "SHA-512/256");

    /** A scheme and whatever belongs to it; a challenge ends where a word stands that no {@code =} follows. */
    private static final Pattern SCHEME = Pattern.compile("(?:^|,)\\s*([A-Za-z][A-Za-z0-9_-]*)(?=\\s+[A-Za-z0-9*_-]+\\s*=|\\s*,|\\s*$)");

    /** Of the kind that needs no stack: a quoted text may be long. */
    private static final com.google.re2j.Pattern PARAMETER = com.google.re2j.Pattern.compile(
            "([A-Za-z0-9*_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");
    private static final int LONGEST = 8_192;

    /** The first challenge among these header values that we can answer, as RFC 7616, 3.7 has it. */
    static Optional<DigestChallenge> first(List<String> headers) {
        for (String header : headers) {
            if (header.length() > LONGEST) {
                continue;
            }
            for (String one : digests(header)) {
                Optional<DigestChallenge> challenge = of(parameters(one));
                if (challenge.isPresent()) {
                    return challenge;
                }
            }
        }
        return Optional.empty();
    }

    /** The digest challenges in a header, which may hold several challenges of any scheme, each without its scheme. */
    private static List<String> digests(String header) {
        var found = new ArrayList<String>();
        Matcher scheme = SCHEME.matcher(unquoted(header));
        int from = -1;
        while (scheme.find()) {
            if (from >= 0) {
                found.add(header.substring(from, scheme.start()));
            }
            from = scheme.group(1).equalsIgnoreCase("digest") ? scheme.end() : -1;
        }
        if (from >= 0) {
            found.add(header.substring(from));
        }
        return found;
    }

    /** What is quoted blotted out, so that no word in it is taken for a scheme. */
    private static String unquoted(String header) {
        var text = new StringBuilder(header);
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted) {
                if (c == '\\' && i + 1 < text.length()) {
                    text.setCharAt(i + 1, 'x');
                }
                text.setCharAt(i, 'x');
            }
        }
        return text.toString();
    }

    private static Map<String, String> parameters(String challenge) {
        var parameters = new LinkedHashMap<String, String>();
        com.google.re2j.Matcher m = PARAMETER.matcher(challenge);
        while (m.find()) {
            String value = m.group(2) != null ? m.group(2).replaceAll("\\\\(.)", "$1") : m.group(3);
            parameters.putIfAbsent(m.group(1).toLowerCase(Locale.ROOT), value);
        }
        return parameters;
    }

    private static Optional<DigestChallenge> of(Map<String, String> parameters) {
        String nonce = parameters.get("nonce");
        String algorithm = parameters.getOrDefault("algorithm", "");
        String upper = algorithm.isEmpty() ? "MD5" : algorithm.toUpperCase(Locale.ROOT);
        boolean session = upper.endsWith("-SESS");
        String hash = HASHES.get(session ? upper.substring(0, upper.length() - "-SESS".length()) : upper);
        Optional<String> qop = qop(parameters.get("qop"));
        if (nonce == null || hash == null || qop.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new DigestChallenge(
                parameters.getOrDefault("realm", ""),
                nonce,
                Optional.ofNullable(parameters.get("opaque")),
                hash,
                algorithm,
                session,
                qop.get(),
                "true".equalsIgnoreCase(parameters.get("stale")),
                "true".equalsIgnoreCase(parameters.get("userhash"))));
    }

    /** Nothing where none of those offered is known. */
    private static Optional<String> qop(@org.jspecify.annotations.Nullable String offered) {
        if (offered == null || offered.isBlank()) {
            return Optional.of("");
        }
        List<String> words =
                Arrays.stream(offered.toLowerCase(Locale.ROOT).split(",")).map(String::strip).toList();
        return List.of("auth", "auth-int").stream().filter(words::contains).findFirst();
    }
}
