package dev.gatewatch.probes.revocation;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.revocation.Answer.Failed;
import dev.gatewatch.probes.revocation.Answer.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.bouncycastle.asn1.x500.X500Name;

/** Gets revocation lists from files and web addresses, and looks a certificate up in them. Safe for many threads. */
final class CrlAsking {
    private final RevocationSettings settings;
    private final Fetcher fetcher;
    private final CrlCache cache;

    CrlAsking(RevocationSettings settings, Fetcher fetcher) {
        this.settings = settings;
        this.fetcher = fetcher;
        this.cache = new CrlCache(settings.crlLimit());
    }

    /** Whose revocation is in question, and when. */
    private record Question(
            X509Certificate certificate, X509Certificate issuer, NamedSources named, Instant now, Deadline deadline) {}

    /** Where a list comes from. */
    private sealed interface Source {
        /** What to call its list in messages. */
        String by();
    }

    private record InFile(Path path) implements Source {
        @Override
        public String by() {
            return "the revocation list " + path;
        }
    }

    /** On the web; {@code peer} is where the one who named the URL was reached, absent for the operator's own. */
    private record OnWeb(HttpUrl url, Optional<InetAddress> peer) implements Source {
        @Override
        public String by() {
            return "the revocation list " + url;
        }
    }

    /** No list, and what to say of it. */
    private static final class NoListException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Failed failed;

        NoListException(Kind kind, Cause cause, String message) {
            super(message);
            this.failed = new Failed(kind, new Failure(cause, message));
        }
    }

    /**
     * Looks into one list after the other until one answers; the last failure stands where none does. Nothing where there is no list.
     *
     * @param peer where the server that showed the certificate was reached
     */
    Optional<Answer> ask(
            X509Certificate certificate,
            X509Certificate issuer,
            NamedSources named,
            Optional<InetAddress> peer,
            Instant now,
            Deadline deadline)
            throws InterruptedIOException {
        var question = new Question(certificate, issuer, named, now, deadline);
        Optional<Answer> last = Optional.empty();
        for (Source source : sources(named, peer)) {
            try {
                Answer answer = ask(question, source);
                if (!(answer instanceof Failed)) {
                    return Optional.of(answer);
                }
                last = Optional.of(answer);
            } catch (NoListException e) {
                // what a list says weighs more than that another one is not to be had
                last = last.isPresent() ? last : Optional.of(e.failed);
            }
        }
        return last;
    }

    private List<Source> sources(NamedSources named, Optional<InetAddress> peer) {
        var sources = new ArrayList<Source>();
        settings.crlFiles().forEach(file -> sources.add(new InFile(file)));
        settings.crlUrls().forEach(url -> sources.add(new OnWeb(url, Optional.empty())));
        if (sources.isEmpty()) {
            named.lists().forEach(text -> Fetcher.url(text).ifPresent(url -> sources.add(new OnWeb(url, peer))));
        }
        return sources;
    }

    private Answer ask(Question question, Source source) throws NoListException, InterruptedIOException {
        try {
            Crl crl =
                    switch (source) {
                        case InFile file -> verified(ofFile(file), question, source);
                        case OnWeb web -> ofWeb(web, question);
                    };
            return CrlJudge.judge(
                    crl, question.certificate(), question.named().lists(), question.now(), source.by(), question.deadline());
        } catch (InterruptedIOException e) {
            if (Thread.currentThread().isInterrupted() || !question.deadline().passed()) {
                throw e;
            }
            throw new NoListException(
                    Kind.UNAVAILABLE,
                    Cause.OCSP_UNAVAILABLE,
                    source.by() + " was not had and checked within " + Durations.format(question.deadline().timeout()));
        }
    }

    private Crl ofFile(InFile file) throws NoListException {
        String by = file.by();
        try {
            if (!Files.isRegularFile(file.path())) {
                throw new NoListException(Kind.UNAVAILABLE, Cause.OCSP_UNAVAILABLE, by + " is not there");
            }
            if (Files.size(file.path()) > settings.crlLimit()) {
                throw new NoListException(
                        Kind.UNAVAILABLE,
                        Cause.OCSP_UNAVAILABLE,
                        by + " is larger than crl_limit (" + settings.crlLimit() + " bytes)");
            }
            return parse(Files.readAllBytes(file.path()), by);
        } catch (AccessDeniedException _) {
            throw new NoListException(Kind.UNAVAILABLE, Cause.NO_PERMISSION, "this process may not read " + file.path());
        } catch (IOException e) {
            throw new NoListException(
                    Kind.UNAVAILABLE, Cause.OCSP_UNAVAILABLE, by + " cannot be read: " + e.getMessage());
        }
    }

    private Crl ofWeb(OnWeb web, Question question) throws NoListException, InterruptedIOException {
        String key = web.url().toString();
        Optional<CrlCache.Entry> kept =
                cache.get(key).filter(entry -> entry.issuer().equals(question.issuer()));
        if (kept.isPresent() && isFresh(kept.get(), question.now())) {
            return kept.get().crl();
        }
        var request = new Request.Builder().url(web.url());
        kept.flatMap(CrlCache.Entry::etag).ifPresent(tag -> request.header("If-None-Match", tag));
        kept.flatMap(CrlCache.Entry::lastModified).ifPresent(date -> request.header("If-Modified-Since", date));
        try {
            var fetched =
                    fetcher.fetch(request.build(), web.by(), web.peer(), settings.crlLimit(), question.deadline());
            Crl crl = fetched.unchanged() && kept.isPresent()
                    ? kept.get().crl()
                    : verified(parse(fetched.body(), web.by()), question, web);
            cache.put(
                    key,
                    new CrlCache.Entry(
                            crl,
                            question.issuer(),
                            question.now(),
                            fetched.etag().or(() -> kept.flatMap(CrlCache.Entry::etag)),
                            fetched.lastModified().or(() -> kept.flatMap(CrlCache.Entry::lastModified))));
            return crl;
        } catch (FetchException e) {
            if (kept.isPresent()) {
                return kept.get().crl(); // judged stale when its next update is due
            }
            throw new NoListException(
                    Kind.UNAVAILABLE, e.failure().cause(), e.failure().message());
        }
    }

    private boolean isFresh(CrlCache.Entry entry, Instant now) {
        return !now.isBefore(entry.fetched())
                && now.isBefore(entry.fetched().plus(settings.refresh()))
                && entry.crl().nextUpdate().map(now::isBefore).orElse(true);
    }

    private static Crl parse(byte[] content, String by) throws NoListException {
        try {
            return Crl.parse(content);
        } catch (DerException e) {
            throw new NoListException(Kind.INVALID, Cause.OCSP_INVALID, by + " is malformed: " + e.getMessage());
        }
    }

    private static Crl verified(Crl crl, Question question, Source source) throws NoListException, InterruptedIOException {
        X500Name issuer = X500Name.getInstance(
                question.issuer().getSubjectX500Principal().getEncoded());
        if (!crl.issuer().equals(issuer)) {
            boolean own = source instanceof InFile || (source instanceof OnWeb web && web.peer().isEmpty());
            // of several lists that an operator names only one is of this issuer
            throw new NoListException(
                    own ? Kind.UNAVAILABLE : Kind.INVALID,
                    own ? Cause.OCSP_UNAVAILABLE : Cause.OCSP_INVALID,
                    source.by() + " is of another issuer (\"" + crl.issuer() + "\")");
        }
        Optional<Failed> fault = CrlJudge.signatureFault(crl, question.issuer(), source.by(), question.deadline());
        if (fault.isPresent()) {
            throw new NoListException(
                    Kind.INVALID, fault.get().failure().cause(), fault.get().failure().message());
        }
        return crl;
    }
}
