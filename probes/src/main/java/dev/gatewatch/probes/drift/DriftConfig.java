package dev.gatewatch.probes.drift;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probes.httpclient.ClientSettings;
import dev.gatewatch.probes.httpclient.HttpRequest;
import java.nio.file.Path;
import java.util.List;

/**
 * What one drift probe compares. Immutable.
 *
 * @param unlisted whether values that the reference does not have are differences
 * @param secrets of the requests, which must not be seen
 */
record DriftConfig(
        Source source,
        DocumentFormat format,
        Reference reference,
        boolean unlisted,
        Rules rules,
        ClientSettings client,
        List<Secret> secrets) {
    DriftConfig {
        secrets = List.copyOf(secrets);
    }

    /** Where the document is. */
    sealed interface Source {
        record Http(HttpRequest request) implements Source {}

        record Local(Path file) implements Source {}
    }
}
