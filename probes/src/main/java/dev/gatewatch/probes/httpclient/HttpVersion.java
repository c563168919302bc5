package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.LinkedHashMap;
import okhttp3.Protocol;

/** An HTTP version that a target may speak. */
public enum HttpVersion {
    HTTP_1_0("1.0", 1.0),
    HTTP_1_1("1.1", 1.1),
    HTTP_2("2", 2),
    HTTP_3("3", 3);

    private final String text;
    private final double number;

    HttpVersion(String text, double number) {
        this.text = text;
        this.number = number;
    }

    public static ValueType<HttpVersion> type() {
        var words = new LinkedHashMap<String, HttpVersion>();
        for (HttpVersion version : values()) {
            words.put(version.text, version);
        }
        words.put("2.0", HTTP_2);
        words.put("3.0", HTTP_3);
        return Types.oneOf(words);
    }

    /** The version of an answer. */
    public static HttpVersion of(Protocol protocol) {
        return switch (protocol) {
            case HTTP_1_0 -> HTTP_1_0;
            case HTTP_3, QUIC -> HTTP_3;
            case HTTP_2, H2_PRIOR_KNOWLEDGE -> HTTP_2;
            default -> HTTP_1_1;
        };
    }

    /** As blackbox_exporter's {@code probe_http_version} counts it. */
    public double number() {
        return number;
    }

    @Override
    public String toString() {
        return text;
    }
}
