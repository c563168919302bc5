package dev.gatewatch.probes.certificate;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.revocation.Concern;
import dev.gatewatch.probes.revocation.RevocationCheck.Shown;
import dev.gatewatch.probes.revocation.RevocationCheck.Subject;
import dev.gatewatch.probes.tls.ChainFacts;
import dev.gatewatch.probes.tls.ChainJudge;
import dev.gatewatch.probes.tls.ChainVerdict;
import java.io.InterruptedIOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads certificates that lie on this machine and judges each of them. Immutable but for the lists its revocation check keeps.
 */
final class StoredProbe implements Probe {
    /** The phase of finding and reading files. */
    static final String PHASE = "read";

    private static final int DESCRIBED = 30;

    private final Optional<Holdings> holdings;
    private final List<FilePattern> keyFiles;
    private final KeyExposure exposure;
    private final Rules rules;

    StoredProbe(Optional<Holdings> holdings, List<FilePattern> keyFiles, KeyExposure exposure, Rules rules) {
        this.holdings = holdings;
        this.keyFiles = List.copyOf(keyFiles);
        this.exposure = exposure;
        this.rules = rules;
    }

    @Override
    public String target() {
        return holdings.map(Holdings::name)
                .orElseGet(() -> keyFiles.stream().map(FilePattern::text).collect(Collectors.joining(", ")));
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        var concerns = new Concerns();
        long start = System.nanoTime();
        List<Holding> all = holdings.isPresent() ? holdings.get().read(run, concerns) : List.of();
        if (!keyFiles.isEmpty()) {
            exposure.check(keyFiles, run.deadline(), concerns);
        }
        report.phase(PHASE, Duration.ofNanos(System.nanoTime() - start));
        if (holdings.isPresent()) {
            judge(all, run, report, concerns);
        }
        concerns.tell(report);
        return report.build();
    }

    private void judge(List<Holding> all, Run run, Report.Builder report, Concerns concerns)
            throws InterruptedIOException {
        Instant now = run.clock().instant();
        var byKey = new LinkedHashMap<String, X509Certificate>();
        Set<X509Certificate> known = new LinkedHashSet<>();
        for (Holding holding : all) {
            byKey.put(holding.key(), holding.own());
            known.addAll(holding.chain());
            CertificateFacts.put(report, holding.key(), holding.own(), now);
        }
        CertificateFacts.putStored(report, known, now);
        if (!all.isEmpty()) {
            report.evidence("certificates", describe(all));
        }
        var subjects = new ArrayList<Subject>();
        for (Holding holding : all) {
            judge(holding, known, now, concerns, subjects);
        }
        concerns.addAll(rules.changes().compare(byKey, run.memory(), report));
        rules.revocation().check(subjects, Shown.STORED, run, report).stream()
                .map(about -> about.concern().of(about.key()))
                .forEach(concerns::add);
    }

    /** A chain that belongs to an entry is judged as far as it leads; what lies beside only helps to find the way up. */
    private void judge(
            Holding holding,
            Collection<X509Certificate> known,
            Instant now,
            Concerns concerns,
            List<Subject> subjects) {
        for (int i = 0; i < holding.chain().size(); i++) {
            X509Certificate certificate = holding.chain().get(i);
            String key = i == 0 ? holding.key() : holding.key() + "#" + (i + 1);
            ChainVerdict verdict =
                    ChainJudge.judgeStored(certificate, known, rules.name(), rules.trust(), rules.strength(), now);
            verdict.faults().stream().map(f -> Concern.failed(f).of(key)).forEach(concerns::add);
            List<X509Certificate> path = verdict.verified().isEmpty() ? List.of(certificate) : verdict.verified();
            rules.window()
                    .endsSoon(path, now)
                    .ifPresent(text -> concerns.add(
                            Concern.degraded(new Failure(Cause.CERT_EXPIRING, text)).of(key)));
            subject(key, certificate, verdict, known).ifPresent(subjects::add);
        }
    }

    /** Nothing for roots, which nobody could revoke, and for a chain that should be trusted and is not. */
    private Optional<Subject> subject(
            String key, X509Certificate certificate, ChainVerdict verdict, Collection<X509Certificate> known) {
        List<X509Certificate> path =
                verdict.verified().isEmpty() ? ChainJudge.upwards(certificate, known) : verdict.verified();
        boolean root = certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
        boolean distrusted =
                rules.trust().isPresent() && verdict.verified().isEmpty() && certificate.getBasicConstraints() < 0;
        return root || distrusted
                ? Optional.empty()
                : Optional.of(new Subject(
                        key,
                        "the certificate",
                        certificate,
                        path.size() > 1 ? Optional.of(path.get(1)) : Optional.empty()));
    }

    private static String describe(List<Holding> all) {
        String text = all.stream()
                .limit(DESCRIBED)
                .map(h -> h.key() + ": " + ChainFacts.describe(List.of(h.own())))
                .collect(Collectors.joining("\n"));
        return all.size() > DESCRIBED ? text + "\nand " + (all.size() - DESCRIBED) + " more" : text;
    }
}
