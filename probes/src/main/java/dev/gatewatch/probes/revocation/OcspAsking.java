package dev.gatewatch.probes.revocation;

import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.revocation.Answer.Failed;
import dev.gatewatch.probes.revocation.Answer.Kind;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Asks OCSP responders over HTTP (RFC 6960 appendix A). Immutable, safe for many threads. */
final class OcspAsking {
    private static final MediaType QUESTION = MediaType.get("application/ocsp-request");

    private final RevocationSettings settings;
    private final Fetcher fetcher;

    OcspAsking(RevocationSettings settings, Fetcher fetcher) {
        this.settings = settings;
        this.fetcher = fetcher;
    }

    /**
     * Asks one responder after the other until one answers; the last failure stands where none does. Nothing where there is nobody to
     * ask.
     */
    Optional<Answer> ask(
            X509Certificate certificate,
            X509Certificate issuer,
            NamedSources named,
            Optional<InetAddress> peer,
            Instant now,
            Deadline deadline)
            throws InterruptedIOException {
        boolean own = settings.ocspUrl().isPresent();
        List<HttpUrl> urls = own
                ? settings.ocspUrl().stream().toList()
                : named.responders().stream()
                        .flatMap(text -> Fetcher.url(text).stream())
                        .toList();
        Optional<Answer> last = Optional.empty();
        for (HttpUrl url : urls) {
            Answer answer = ask(url, certificate, issuer, own ? Optional.empty() : peer, now, deadline);
            if (!(answer instanceof Failed)) {
                return Optional.of(answer);
            }
            last = Optional.of(answer);
        }
        return last;
    }

    private Answer ask(
            HttpUrl url,
            X509Certificate certificate,
            X509Certificate issuer,
            Optional<InetAddress> peer,
            Instant now,
            Deadline deadline)
            throws InterruptedIOException {
        var question = OcspRequest.of(certificate, issuer, settings.nonce());
        try {
            Fetcher.Fetched fetched =
                    fetcher.fetch(request(url, question), "the OCSP responder " + url, peer, OcspJudge.LARGEST, deadline);
            return OcspJudge.judge(
                    fetched.body(), certificate, issuer, now, question.nonce(), "the answer of the OCSP responder " + url);
        } catch (FetchException e) {
            return new Failed(Kind.UNAVAILABLE, e.failure());
        }
    }

    private Request request(HttpUrl url, OcspRequest question) {
        var request = new Request.Builder().header("Accept", "application/ocsp-response");
        if (!settings.byGet()) {
            return request.url(url)
                    .post(RequestBody.create(question.der(), QUESTION))
                    .build();
        }
        // base64 may hold '/', which a path segment shows as %2F
        String text = Base64.getEncoder().encodeToString(question.der());
        boolean open = url.pathSegments().getLast().isEmpty();
        return request.url((open ? url.newBuilder().setPathSegment(url.pathSize() - 1, text) : url.newBuilder().addPathSegment(text))
                        .build())
                .build();
    }
}
