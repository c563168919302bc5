package dev.gatewatch.probes.revocation;

import dev.gatewatch.config.Section;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import dev.gatewatch.probes.tls.ChainJudge;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Checks whether certificates are revoked, by what is stapled, by OCSP and by lists, and tells facts and evidence. Nothing is asked for a
 * chain that nobody trusts: its URLs are a stranger's, and so would be the answers. Safe for many threads; belongs to one probe, whose
 * lists it keeps for a while ({@link RevocationSettings#refresh}).
 */
public final class RevocationCheck {
    /** The phase that it reports, where anything is checked. */
    public static final String PHASE = "revocation";

    private final RevocationSettings settings;
    private final OcspAsking responders;
    private final CrlAsking lists;

    private RevocationCheck(RevocationSettings settings, Fetcher fetcher) {
        this.settings = settings;
        this.responders = new OcspAsking(settings, fetcher);
        this.lists = new CrlAsking(settings, fetcher);
    }

    /** By the system's resolver, under the target policy of the configuration that the section stands in. */
    public static RevocationCheck of(Section section, RevocationSettings settings) {
        return new RevocationCheck(settings, new Fetcher(Resolver.system(), TargetPolicy.of(section)));
    }

    /**
     * A certificate to check.
     *
     * @param key what to call it in facts: the KEY of {@code revocation.KEY}
     * @param name what to call it in sentences: {@code the certificate}
     * @param issuer the issuer's own certificate, where it is at hand
     */
    public record Subject(String key, String name, X509Certificate certificate, Optional<X509Certificate> issuer) {
        /** Those of a path but its last, which is the root. */
        public static List<Subject> ofPath(List<X509Certificate> path, List<String> keys) {
            var subjects = new ArrayList<Subject>();
            for (int i = 0; i + 1 < path.size(); i++) {
                X509Certificate certificate = path.get(i);
                subjects.add(new Subject(
                        keys.get(i),
                        ChainJudge.name(certificate, path.getFirst()),
                        certificate,
                        Optional.of(path.get(i + 1))));
            }
            return subjects;
        }
    }

    /**
     * How certificates came to us.
     *
     * @param staples OCSP answers that came along, the server's own first
     * @param peer where the server was reached; absent for certificates that lie on this machine
     */
    public record Shown(List<byte[]> staples, Optional<InetAddress> peer) {
        /** Certificates in files and key stores. */
        public static final Shown STORED = new Shown(List.of(), Optional.empty());

        public Shown {
            staples = List.copyOf(staples);
        }
    }

    /**
     * A concern about one of the subjects.
     *
     * @param key the subject's
     */
    public record About(String key, Concern concern) {}

    /**
     * Checks all subjects; a server's own certificate is the first. Facts, phase and evidence go into the report, the concerns are left
     * to the caller to tell.
     *
     * @throws InterruptedIOException when the run was interrupted
     */
    public List<About> check(List<Subject> subjects, Shown shown, Run run, Report.Builder report)
            throws InterruptedIOException {
        if (shown.peer().isPresent() && settings.ocsp() != Policy.OFF) {
            RevocationFacts.putStapled(report, !shown.staples().isEmpty());
        }
        if (subjects.isEmpty() || !(asks() || judgesStaple(subjects.getFirst(), shown))) {
            return List.of();
        }
        long start = System.nanoTime();
        int ways = (settings.ocsp().asks() ? 1 : 0) + (settings.crl().asks() ? 1 : 0);
        var budget = new Budget(run.deadline(), settings.timeout(), ways * subjects.size());
        Instant now = run.clock().instant();
        var findings = new ArrayList<Finding>();
        var concerns = new ArrayList<About>();
        for (Subject subject : subjects) {
            boolean own = shown.peer().isPresent() && findings.isEmpty();
            Finding finding = find(subject, own, shown, budget, now);
            findings.add(finding);
            RevocationFacts.put(report, subject.key(), finding);
            Verdict.of(finding, settings).forEach(concern -> concerns.add(new About(subject.key(), concern)));
        }
        if (shown.peer().isPresent()) {
            RevocationFacts.putOwn(report, findings.getFirst(), settings);
        }
        RevocationFacts.putLists(report, findings);
        report.evidence("revocation", findings.stream().map(Finding::line).collect(Collectors.joining("\n")));
        report.phase(PHASE, Duration.ofNanos(System.nanoTime() - start));
        return concerns;
    }

    private boolean asks() {
        return settings.ocsp().asks() || settings.crl().asks();
    }

    private boolean judgesStaple(Subject own, Shown shown) {
        return shown.peer().isPresent()
                && settings.ocsp() != Policy.OFF
                && (!shown.staples().isEmpty()
                        || settings.mustStaple()
                        || NamedSources.of(own.certificate()).mustStaple());
    }

    private Finding find(Subject subject, boolean own, Shown shown, Budget budget, Instant now)
            throws InterruptedIOException {
        X509Certificate certificate = subject.certificate();
        NamedSources named = NamedSources.of(certificate);
        Optional<Answer> staple = Optional.empty();
        Optional<Answer> ocsp = Optional.empty();
        Optional<Answer> crl = Optional.empty();
        if (subject.issuer().isPresent()) {
            X509Certificate issuer = subject.issuer().get();
            staple = settings.ocsp() == Policy.OFF ? Optional.empty() : staple(certificate, issuer, own, shown, now);
            if (settings.ocsp().asks()) {
                ocsp = responders.ask(certificate, issuer, named, shown.peer(), now, budget.next());
            }
            if (settings.crl().asks()) {
                crl = lists.ask(certificate, issuer, named, shown.peer(), now, budget.next());
            }
        }
        return new Finding(
                subject.name(), named, own, subject.issuer().isPresent(), staple, ocsp, crl);
    }

    /** For authorities in the path a staple counts only if it is good for anything, as which one is whose is not said. */
    private static Optional<Answer> staple(
            X509Certificate certificate, X509Certificate issuer, boolean own, Shown shown, Instant now) {
        if (own) {
            return shown.staples().stream()
                    .findFirst()
                    .map(s -> OcspJudge.judge(s, certificate, issuer, now, Optional.empty(), "the stapled OCSP answer"));
        }
        return shown.staples().stream()
                .skip(1)
                .map(s -> OcspJudge.judge(s, certificate, issuer, now, Optional.empty(), "a stapled OCSP answer"))
                .filter(answer -> answer.validTimes().isPresent())
                .findFirst();
    }
}
