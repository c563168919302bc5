package dev.gatewatch.probes.certificate;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.certificate.FileFinder.Found;
import dev.gatewatch.probes.tls.CertificateFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** PEM and DER files, by path, folder and glob. */
record HoldingFiles(List<FilePattern> patterns, KeyExposure exposure) implements Holdings {
    /** As many certificates as are looked at in a run. */
    private static final int MOST_CERTIFICATES = 5_000;

    HoldingFiles {
        patterns = List.copyOf(patterns);
    }

    @Override
    public String name() {
        return patterns.getFirst()
                + (patterns.size() == 1 ? "" : " and " + (patterns.size() - 1) + " more");
    }

    @Override
    public List<Holding> read(Run run, Concerns concerns) throws InterruptedIOException {
        var holdings = new ArrayList<Holding>();
        var keys = new HashSet<String>();
        var closed = new ArrayList<Path>();
        for (Found file : FileFinder.find(patterns, run.deadline(), concerns)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while reading " + file.path());
            }
            if (run.deadline().passed() || holdings.size() >= MOST_CERTIFICATES) {
                concerns.add(FileFinder.unreadable("only " + holdings.size() + " certificates were looked at within "
                        + Durations.format(run.deadline().timeout()) + "; split the probe"));
                break;
            }
            for (X509Certificate certificate : certificates(file, closed, concerns)) {
                holdings.add(new Holding(CertificateFacts.free(file.key(), keys), List.of(certificate)));
            }
        }
        if (holdings.isEmpty() && concerns.isEmpty()) {
            concerns.add(
                    closed.isEmpty()
                            ? FileFinder.unreadable("there is no certificate in " + name())
                            : FileFinder.forbidden(closed.getFirst()));
        }
        return holdings;
    }

    private List<X509Certificate> certificates(Found file, List<Path> closed, Concerns concerns) {
        Path path = file.path();
        try {
            if (Files.size(path) > MOST_BYTES) {
                if (file.meant()) {
                    concerns.add(FileFinder.unreadable(
                            path + " is larger than " + (MOST_BYTES >> 20) + " MB: no file of certificates"));
                }
                return List.of();
            }
            CertificateFile content = CertificateFile.of(path, Files.readAllBytes(path));
            if (content.openKey()) {
                exposure.of(path).ifPresent(concerns::add);
            }
            content.damaged().forEach(text -> concerns.add(FileFinder.unreadable(text)));
            if (content.certificates().isEmpty() && content.damaged().isEmpty() && file.meant()) {
                concerns.add(FileFinder.unreadable("there is no certificate in " + path));
            }
            return content.certificates();
        } catch (AccessDeniedException _) {
            if (file.meant()) {
                concerns.add(FileFinder.forbidden(path));
            } else {
                closed.add(path); // private keys lie in such folders too, and should be closed to us
            }
            return List.of();
        } catch (IOException e) {
            concerns.add(FileFinder.unreadable("cannot read " + path + ": " + e.getMessage()));
            return List.of();
        }
    }
}
