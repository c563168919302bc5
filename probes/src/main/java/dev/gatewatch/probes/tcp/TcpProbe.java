package dev.gatewatch.probes.tcp;

import dev.gatewatch.config.Durations;
import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.UnixSocket;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Connects, speaks TLS and a dialogue where wanted, and leaves. Immutable.
 *
 * @param everyAddress present where all addresses behind the name are to be probed
 */
record TcpProbe(
        Connector connector,
        TcpTarget at,
        Conversation conversation,
        Optional<AddressRule> everyAddress,
        Optional<Duration> latencyBound)
        implements Probe {
    @Override
    public String target() {
        return at.toString();
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        switch (at) {
            case TcpTarget.Net(HostPort host) when everyAddress.isPresent() ->
                new AllAddresses(connector, host, everyAddress.get(), conversation).probe(run, report);
            case TcpTarget.Net(HostPort host) ->
                speak(connector.connect(host, run.deadline(), report), run, report);
            case TcpTarget.Unix(Path path) -> speak(local(path, run, report), run, report);
        }
        Duration took = run.deadline().elapsed();
        if (report.outcome() == Outcome.PASS && latencyBound.isPresent() && took.compareTo(latencyBound.get()) > 0) {
            report.degraded(
                    Cause.LATENCY_HIGH,
                    "took " + Durations.format(took) + ", more than " + Durations.format(latencyBound.get()));
        }
        return report.build();
    }

    private static Optional<Connection> local(Path path, Run run, Report.Builder report)
            throws InterruptedIOException {
        long start = System.nanoTime();
        UnixSocket.Outcome outcome = UnixSocket.connect(path, run.deadline());
        report.phase("connect", Duration.ofNanos(System.nanoTime() - start));
        outcome.failure().ifPresent(f -> f.tell(report));
        return outcome.connection();
    }

    private void speak(Optional<Connection> connected, Run run, Report.Builder report) throws InterruptedIOException {
        if (connected.isPresent()) {
            try (Connection connection = connected.get()) {
                conversation.over(connection, run, report);
            }
        }
    }

    /** Without the steps, which may hold secrets. */
    @Override
    public String toString() {
        return "tcp " + at;
    }
}
