package dev.gatewatch.probes.instances;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import java.io.InterruptedIOException;

/** An instance has to take a connection. Immutable. */
record TcpCheck(Connector connector) implements InstanceCheck {
    @Override
    public Report check(HostPort instance, Run run) throws InterruptedIOException {
        var report = Report.builder();
        connector.connect(instance, run.deadline(), report).ifPresent(Connection::close);
        return report.build();
    }
}
