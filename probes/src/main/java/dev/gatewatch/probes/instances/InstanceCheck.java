package dev.gatewatch.probes.instances;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import java.io.InterruptedIOException;

/** How one instance is probed. Immutable, safe for many threads. */
interface InstanceCheck {
    /** Probes an instance; what is wrong with it is in the report. */
    Report check(HostPort instance, Run run) throws InterruptedIOException;
}
