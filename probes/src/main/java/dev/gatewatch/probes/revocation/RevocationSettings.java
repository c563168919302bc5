package dev.gatewatch.probes.revocation;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.tls.FilePath;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import okhttp3.HttpUrl;

/**
 * How it is checked whether certificates are revoked. Immutable.
 *
 * @param ocsp what is wanted of OCSP
 * @param crl what is wanted of revocation lists; never {@link Policy#STAPLED}
 * @param mustStaple whether a server that staples no OCSP answer fails
 * @param ocspUrl the responder to ask, instead of those that certificates name
 * @param byGet whether to ask by GET, which caches on the way understand, rather than by POST
 * @param nonce whether to send one
 * @param crlUrls where lists are, instead of where certificates say
 * @param crlFiles lists that lie on this machine, likewise
 * @param timeout bound of each request, within the run's deadline
 * @param refresh how long a fetched list is used before it is asked for again
 * @param crlLimit the largest list that is read, in bytes
 */
public record RevocationSettings(
        Policy ocsp,
        Policy crl,
        boolean mustStaple,
        Optional<HttpUrl> ocspUrl,
        boolean byGet,
        boolean nonce,
        List<HttpUrl> crlUrls,
        List<Path> crlFiles,
        Duration timeout,
        Duration refresh,
        long crlLimit) {
    private static final Key<Policy> OCSP = Key.withDefault(
            "ocsp",
            Types.oneOf(Policy.ofOcsp()),
            Policy.SOFT,
            "soft",
            "off; stapled: an answer that the server staples is judged, nobody is asked; soft: the responder is asked too, and one that"
                    + " gives no answer is passed over (status unknown); hard: a valid answer has to come (else ocsp_unavailable)."
                    + " An answer that is stale or forged degrades under soft and fails under hard; a forged staple always fails,"
                    + " as clients refuse it.");
    private static final Key<Policy> CRL = Key.withDefault(
            "crl",
            Types.oneOf(Policy.ofCrl()),
            Policy.SOFT,
            "soft",
            "off; soft: the lists that certificates name are fetched, one that cannot be had is passed over; hard: a valid list has to"
                    + " come. A stale list is crl_stale: degraded under soft, failed under hard. Where a certificate names only one of"
                    + " responder and list, that one is enough for hard.");
    private static final Key<Boolean> MUST_STAPLE = Key.withDefault(
            "must_staple",
            Types.bool(),
            false,
            "false",
            "Fail (ocsp_unavailable) when the server staples no OCSP answer. A certificate with the must-staple extension fails then"
                    + " in any case.");
    private static final Key<HttpUrl> OCSP_URL = Key.optional(
            "ocsp_url",
            new WebAddress(),
            "OCSP responder to ask for every certificate, instead of the one that the certificate names.");
    private static final Key<Boolean> BY_GET = Key.withDefault(
            "ocsp_method",
            Types.oneOf(methods()),
            false,
            "post",
            "post or get: how the responder is asked. By get a cache on the way may answer (RFC 5019).");
    private static final Key<Boolean> NONCE = Key.withDefault(
            "nonce",
            Types.bool(),
            false,
            "false",
            "Send a nonce. An answer without one is taken, as most responders sign ahead; one with another is ocsp_invalid.");
    private static final Key<List<HttpUrl>> CRL_URLS = Key.withDefault(
            "crl_urls",
            Types.oneOrMore(new WebAddress()),
            List.of(),
            "those that certificates name",
            "Where to fetch revocation lists instead; each is used for the certificates of its own issuer.");
    private static final Key<List<Path>> CRL_FILES = Key.withDefault(
            "crl_files",
            Types.oneOrMore(FilePath.TYPE),
            List.of(),
            "none",
            "Files with a revocation list each (DER or PEM), used instead; read in each run.");
    private static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            Types.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
            Duration.ofSeconds(3),
            "3s",
            "Longest wait for one answer or list, within the run's time-out.");
    private static final Key<Duration> REFRESH = Key.withDefault(
            "crl_refresh",
            Types.duration(Duration.ZERO, Duration.ofDays(30)),
            Duration.ofHours(1),
            "1h",
            "How long a fetched list is used before it is asked for again (and is downloaded only if it changed); 0 asks in each run."
                    + " While it cannot be had the one at hand serves until its next update.");
    private static final Key<Long> CRL_LIMIT = Key.withDefault(
            "crl_limit",
            Types.bytes(1_024, 256 << 20),
            32L << 20,
            "32MB",
            "Largest revocation list that is read; as much memory may be used for lists, for each probe.");

    /** The {@code revocation} section of a probe. */
    public static final SectionType<RevocationSettings> TYPE = SectionType.of(
            "revocation",
            List.of(OCSP, CRL, MUST_STAPLE, OCSP_URL, BY_GET, NONCE, CRL_URLS, CRL_FILES, TIMEOUT, REFRESH, CRL_LIMIT),
            RevocationSettings::read);

    /** The key {@code revocation}; without the section only what servers staple is judged. */
    public static final Key<RevocationSettings> KEY = Key.withDefault(
            "revocation",
            TYPE,
            stapledOnly(),
            "{ocsp: stapled, crl: off}",
            "How it is checked whether certificates are revoked: all of the verified path but its root.");

    public RevocationSettings {
        crlUrls = List.copyOf(crlUrls);
        crlFiles = List.copyOf(crlFiles);
    }

    /** Judges what a server staples, sends nothing to anyone. */
    public static RevocationSettings stapledOnly() {
        return new RevocationSettings(
                Policy.STAPLED,
                Policy.OFF,
                false,
                Optional.empty(),
                false,
                false,
                List.of(),
                List.of(),
                Duration.ofSeconds(3),
                Duration.ofHours(1),
                32L << 20);
    }

    private static RevocationSettings read(Section section) {
        if (section.get(OCSP) == Policy.OFF && section.get(MUST_STAPLE)) {
            section.problem(MUST_STAPLE, "must_staple needs OCSP, which is switched off (ocsp: stapled would do)");
        }
        if (!section.get(OCSP).asks() && section.has(OCSP_URL)) {
            section.problem(OCSP_URL, "no responder is asked under \"ocsp: "
                    + section.get(OCSP).name().toLowerCase(Locale.ROOT) + "\"; write soft or hard, or leave ocsp_url out");
        }
        if (section.get(CRL) == Policy.OFF && (section.has(CRL_URLS) || section.has(CRL_FILES))) {
            section.problem(
                    section.has(CRL_URLS) ? CRL_URLS : CRL_FILES,
                    "no list is used under \"crl: off\"; write soft or hard, or leave the lists out");
        }
        return new RevocationSettings(
                section.get(OCSP),
                section.get(CRL),
                section.get(MUST_STAPLE),
                section.find(OCSP_URL),
                section.get(BY_GET),
                section.get(NONCE),
                section.get(CRL_URLS),
                section.get(CRL_FILES),
                section.get(TIMEOUT),
                section.get(REFRESH),
                section.get(CRL_LIMIT));
    }

    private static SequencedMap<String, Boolean> methods() {
        var words = new LinkedHashMap<String, Boolean>();
        words.put("post", false);
        words.put("get", true);
        return words;
    }

    /** An {@code http://} or {@code https://} URL without name and password, which would be seen in messages. */
    private static final class WebAddress implements ValueType<HttpUrl> {
        private final ValueType<URI> form = Types.uri("http", "https");

        @Override
        public Optional<HttpUrl> read(Node node, Reading reading) {
            Optional<HttpUrl> url = form.read(node, reading).flatMap(uri -> Fetcher.url(uri.toString()));
            if (url.isPresent() && node instanceof Node.Scalar s && s.text().contains("@")) {
                reading.problems().error(node, "user name and password do not belong in this URL, where everyone sees them");
                return Optional.empty();
            }
            return url;
        }

        @Override
        public String describe() {
            return form.describe();
        }

        @Override
        public Map<String, Object> jsonSchema() {
            return form.jsonSchema();
        }
    }
}
