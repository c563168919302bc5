package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.Types;
import dev.gatewatch.probes.nameserver.ResolverKeys;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import dev.gatewatch.probes.tls.TlsSettings;
import dev.gatewatch.probes.tls.TlsVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * How requests get to their target and how much of an answer is taken. Immutable.
 *
 * @param bodyLimit bytes, after decompression
 * @param connectTo where to connect instead of the URL's host and port
 * @param proxy what requests go through
 */
public record ClientSettings(
        TlsSettings tls,
        boolean followRedirects,
        int maxRedirects,
        long bodyLimit,
        IpFamily ipFamily,
        OfferedVersion httpVersion,
        Optional<HostPort> connectTo,
        Resolver resolver,
        TargetPolicy policy,
        Optional<ProxySettings> proxy) {
    /** Settings without a proxy. */
    public ClientSettings(
            TlsSettings tls,
            boolean followRedirects,
            int maxRedirects,
            long bodyLimit,
            IpFamily ipFamily,
            OfferedVersion httpVersion,
            Optional<HostPort> connectTo,
            Resolver resolver,
            TargetPolicy policy) {
        this(
                tls,
                followRedirects,
                maxRedirects,
                bodyLimit,
                ipFamily,
                httpVersion,
                connectTo,
                resolver,
                policy,
                Optional.empty());
    }

    private static final long MIB = 1024 * 1024;

    static final Key<TlsSettings> TLS = Key.withDefault(
            "tls",
            TlsSettings.TYPE,
            TlsSettings.standard(),
            "the runtime's authorities",
            "Trust, client certificate and server name.");
    static final Key<Boolean> FOLLOW_REDIRECTS =
            Key.withDefault("follow_redirects", Types.bool(), true, "true", "Whether to follow redirects.");
    static final Key<Integer> MAX_REDIRECTS = Key.withDefault(
            "max_redirects", Types.integer(0, 50), 10, "10", "Redirects to follow; one more is redirect_limit.");
    static final Key<Long> BODY_LIMIT = Key.withDefault(
            "body_limit",
            Types.bytes(0, 256 * MIB),
            MIB,
            "1MB",
            "Largest response body, after decompression; a larger one is body_too_large.");
    static final Key<OfferedVersion> HTTP_VERSION = Key.withDefault(
            "http_version",
            Types.oneOf(offeredVersions()),
            OfferedVersion.ANY,
            "any",
            "HTTP version to offer: any (2 and 1.1 over TLS, 1.1 without), 1.1, 2, or 3 (over QUIC, with TLS 1.3, and through no proxy).");
    static final Key<HostPort> CONNECT_TO = Key.optional(
            "connect_to",
            Types.hostPort(0),
            "host:port to connect to instead of the URL's; Host header and server name stay those of the URL. Does not hold for"
                    + " other origins that redirects lead to.");

    /** The keys of every type that asks over HTTP. */
    public static final List<Key<?>> KEYS = Stream.concat(
                    Stream.of(
                            TLS,
                            FOLLOW_REDIRECTS,
                            MAX_REDIRECTS,
                            BODY_LIMIT,
                            IpFamily.KEY,
                            HTTP_VERSION,
                            CONNECT_TO,
                            ResolverKeys.RESOLVER),
                    ProxyKeys.ALL.stream())
            .toList();

    /** Which HTTP versions to offer. */
    public enum OfferedVersion {
        /** HTTP/2 and HTTP/1.1 by ALPN; HTTP/1.1 where there is no TLS. */
        ANY,
        HTTP_1_1,
        /** HTTP/2 only; without TLS by prior knowledge. */
        HTTP_2,
        /** HTTP/3 only, by prior knowledge: whether the target announces it (Alt-Svc) makes no difference. */
        HTTP_3
    }

    private static SequencedMap<String, OfferedVersion> offeredVersions() {
        var words = new LinkedHashMap<String, OfferedVersion>();
        words.put("any", OfferedVersion.ANY);
        words.put("1.1", OfferedVersion.HTTP_1_1);
        words.put("2", OfferedVersion.HTTP_2);
        words.put("3", OfferedVersion.HTTP_3);
        return words;
    }

    /** Reads {@link #KEYS} from a clean section. */
    public static ClientSettings read(Section section) {
        if (section.get(HTTP_VERSION) == OfferedVersion.HTTP_3) {
            if (ProxyKeys.read(section).isPresent()) {
                section.problem(HTTP_VERSION, "HTTP/3 goes through no proxy; leave out the proxy or the version");
            }
            if (section.get(TLS).maxVersion() != TlsVersion.TLS13) {
                section.problem(HTTP_VERSION, "HTTP/3 takes TLS 1.3, which tls.max_version does not allow");
            }
        }
        return new ClientSettings(
                section.get(TLS),
                section.get(FOLLOW_REDIRECTS),
                section.get(MAX_REDIRECTS),
                section.get(BODY_LIMIT),
                section.get(IpFamily.KEY),
                section.get(HTTP_VERSION),
                section.find(CONNECT_TO),
                ResolverKeys.of(section),
                TargetPolicy.of(section),
                ProxyKeys.read(section));
    }

    /** What is used where no key says otherwise, under the policy of the section's configuration. */
    public static ClientSettings standard(Section section) {
        return new ClientSettings(
                TlsSettings.standard(),
                true,
                10,
                MIB,
                IpFamily.ANY,
                OfferedVersion.ANY,
                Optional.empty(),
                Resolver.system(),
                TargetPolicy.of(section),
                Optional.empty());
    }

    /** The same settings with another place to connect to. */
    public ClientSettings connectingTo(HostPort other) {
        return new ClientSettings(
                tls,
                followRedirects,
                maxRedirects,
                bodyLimit,
                ipFamily,
                httpVersion,
                Optional.of(other),
                resolver,
                policy,
                proxy);
    }

    /** What must not be seen of it in what a peer says. */
    public List<Secret> secrets() {
        return proxy.map(ProxySettings::secrets).orElse(List.of());
    }

    /** The versions that an answer may have because no other was offered; any where empty. */
    public List<HttpVersion> requiredVersions() {
        return switch (httpVersion) {
            case HTTP_2 -> List.of(HttpVersion.HTTP_2);
            case HTTP_3 -> List.of(HttpVersion.HTTP_3);
            case ANY, HTTP_1_1 -> List.of();
        };
    }
}
