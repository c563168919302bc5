package dev.gatewatch.probes.httpclient;

import java.util.List;
import java.util.Optional;

/** The token sources of a configuration, by name: what {@code auth: {oauth: NAME}} refers to. Safe for many threads. */
public interface TokenSources {
    Optional<TokenSource> find(String name);

    /** All names, for messages. */
    List<String> names();
}
