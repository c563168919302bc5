package dev.gatewatch.probes.httpclient;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okio.ByteString;

/**
 * The final answer of a run. Immutable.
 *
 * @param url of the request that it answers
 * @param reason the text of the status line; empty in HTTP/2
 * @param contentLength as announced, -1 where it is not
 * @param credentialSent whether the request carried one
 * @param credentialDropped whether one is configured that a redirect to another origin kept back
 */
public record Answer(
        HttpUrl url,
        HttpVersion version,
        int status,
        String reason,
        Headers headers,
        long contentLength,
        Body body,
        boolean credentialSent,
        boolean credentialDropped) {

    /**
     * What was read of a body.
     *
     * @param encoding the content coding that could not be undone, such as {@code br}; then the bytes are as they came
     */
    public record Body(ByteString bytes, Optional<String> encoding) {}

    /** {@code 503 Service Unavailable}. */
    public String statusLine() {
        return reason.isEmpty() ? String.valueOf(status) : status + " " + reason;
    }

    /** The coding that the body came in: {@code gzip}, or {@code identity} where the answer names none. */
    public String coding() {
        String named = headers.get("Content-Encoding");
        String coding = named == null ? "" : named.strip().toLowerCase(Locale.ROOT);
        return coding.isEmpty() ? "identity" : coding.length() > 100 ? coding.substring(0, 99) + "…" : coding;
    }

    /** The body as text, in the charset that its type names, else UTF-8; what is not text comes out as replacement characters. */
    public String text() {
        return body.bytes().string(charset());
    }

    /** The first bytes of the body as text. */
    public String head(int most) {
        ByteString bytes = body.bytes();
        return bytes.substring(0, Math.min(bytes.size(), most)).string(charset());
    }

    private Charset charset() {
        String type = headers.get("Content-Type");
        MediaType media = type == null ? null : MediaType.parse(type);
        Charset named = media == null ? null : media.charset();
        return named == null ? StandardCharsets.UTF_8 : named;
    }
}
