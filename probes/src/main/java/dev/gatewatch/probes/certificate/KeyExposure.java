package dev.gatewatch.probes.certificate;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.revocation.Concern;
import dev.gatewatch.probes.tls.CertificateFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether others than their owner may read private keys. Goes by a file's own permissions, as ssh does; folders above may close it and may
 * be opened by anybody who administers them. Immutable, safe for many threads.
 *
 * @param groupMay whether a file's group may read it, as Debian's group ssl-cert does
 */
record KeyExposure(boolean groupMay) {
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);
    private static final Set<PosixFilePermission> GROUP =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE);

    /**
     * Looks at all files that patterns mean, without reading those that are closed.
     *
     * @throws InterruptedIOException when the run was interrupted
     */
    void check(List<FilePattern> patterns, Deadline deadline, Concerns concerns) throws InterruptedIOException {
        for (FileFinder.Found file : FileFinder.find(patterns, deadline, concerns)) {
            of(file.path()).filter(_ -> !isSealed(file)).ifPresent(concerns::add);
        }
    }

    /** What is wrong with the permissions of a file that holds a private key. */
    Optional<Concern> of(Path key) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(key);
            String mode = PosixFilePermissions.toString(permissions);
            if (permissions.stream().anyMatch(OTHERS::contains)) {
                return Optional.of(Concern.failed(exposed(key, "everybody on the machine", mode)));
            }
            if (!groupMay && permissions.stream().anyMatch(GROUP::contains)) {
                String group = Files.readAttributes(key, PosixFileAttributes.class)
                        .group()
                        .getName();
                return Optional.of(Concern.degraded(exposed(key, "the group " + group, mode)));
            }
            return Optional.empty();
        } catch (AccessDeniedException _) {
            return Optional.of(FileFinder.forbidden(key));
        } catch (UnsupportedOperationException | IOException _) {
            return Optional.empty(); // a file system without owners, or a file that went away
        }
    }

    private static Failure exposed(Path key, String whom, String mode) {
        return new Failure(
                Cause.KEY_EXPOSED,
                "the private key " + key + " is open to " + whom + " (mode " + mode + ", should be rw-------)");
    }

    /** A key that only a passphrase opens may lie about; so may what merely lies in the same folder. */
    private static boolean isSealed(FileFinder.Found file) {
        try {
            if (Files.size(file.path()) > Holdings.MOST_BYTES) {
                return false;
            }
            byte[] content = Files.readAllBytes(file.path());
            return CertificateFile.holdsSealedKey(file.path(), content)
                    || (!file.meant() && !CertificateFile.of(file.path(), content).openKey());
        } catch (IOException _) {
            return false;
        }
    }
}
