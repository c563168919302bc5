package dev.gatewatch.sandbox;

import dev.gatewatch.config.HostPort;
import java.nio.file.Path;

/**
 * Where the sandbox is reached and where things are kept. Immutable.
 *
 * @param control where the faults are switched; a loopback address or name; port 0 for any free port
 * @param gatewatch where the daemon that watches the sandbox is going to listen: for its configuration and a link to its page
 * @param data the demo's folder; made if missing. The sandbox writes its certificate authority there, the daemon its store
 */
public record SandboxSettings(HostPort control, HostPort gatewatch, Path data) {}
