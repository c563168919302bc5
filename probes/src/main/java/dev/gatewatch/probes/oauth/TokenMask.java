package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.Redaction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the tokens in an answer out of the evidence, also of an answer that nobody understands: everything in it that looks like one is
 * masked. Pure, but for what it tells the redaction.
 */
final class TokenMask {
    /** As much of a body as evidence may show, so that a token which is cut there is masked as well. */
    private static final int SHOWN = 1_024;

    /** What follows the name of a token in JSON or a form, and any long word. */
    private static final Pattern TOKEN = Pattern.compile(
            "(?:token|jwt|assertion|secret)[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?([^\"'&\\s,}]{4,})|([A-Za-z0-9._~+/=%-]{20,})",
            Pattern.CASE_INSENSITIVE);

    private TokenMask() {}

    static void mask(Answer answer, Redaction redaction) {
        Matcher m = TOKEN.matcher(answer.head(SHOWN));
        while (m.find()) {
            String found = m.group(1) != null ? m.group(1) : m.group(2);
            redaction.also(new Secret(found));
        }
    }
}
