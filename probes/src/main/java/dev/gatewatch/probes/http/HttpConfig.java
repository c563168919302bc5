package dev.gatewatch.probes.http;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.tls.TlsSettings;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import okhttp3.HttpUrl;
import okio.ByteString;

/**
 * What one http probe sends and expects. Immutable.
 *
 * @param target the URL for people and labels, without secrets
 * @param headers as configured, without those that follow from {@code auth}
 * @param body absent where none is sent
 * @param bodyLimit bytes, after decompression
 * @param connectTo where to connect instead of the URL's host and port
 * @param secrets everything that must not be seen in what a peer sends back
 */
record HttpConfig(
        HttpUrl url,
        String target,
        String method,
        SequencedMap<String, HeaderText> headers,
        Optional<Auth> auth,
        Optional<RequestContent> body,
        TlsSettings tls,
        boolean followRedirects,
        int maxRedirects,
        long bodyLimit,
        IpFamily ipFamily,
        OfferedVersion httpVersion,
        Optional<HostPort> connectTo,
        Expectation expect,
        List<Secret> secrets) {

    /** The versions that are right; any where empty. */
    List<HttpVersion> versions() {
        return expect.versions().isEmpty() && httpVersion == OfferedVersion.HTTP_2
                ? List.of(HttpVersion.HTTP_2)
                : expect.versions();
    }

    /** What to send. Immutable; {@code toString} shows none of it. */
    record RequestContent(ByteString bytes, Optional<String> contentType) {
        @Override
        public String toString() {
            return bytes.size() + " bytes";
        }
    }

    /** Which addresses of a name to use. */
    enum IpFamily {
        /** The system's order. */
        ANY,
        IP4,
        IP6
    }

    /** Which HTTP versions to offer. */
    enum OfferedVersion {
        /** HTTP/2 and HTTP/1.1 by ALPN; HTTP/1.1 where there is no TLS. */
        ANY,
        HTTP_1_1,
        /** HTTP/2 only; without TLS by prior knowledge. */
        HTTP_2
    }
}
