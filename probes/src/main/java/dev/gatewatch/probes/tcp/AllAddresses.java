package dev.gatewatch.probes.tcp;

import dev.gatewatch.config.HostPort;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.FactSpec;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.net.Attempt;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.net.Parallel;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every address behind a name, each connected to and spoken with on its own and at the same time. Phases and facts of the run are those
 * of the first address that decides the verdict. Immutable.
 */
record AllAddresses(Connector connector, HostPort target, AddressRule rule, Conversation conversation) {
    private static final String UP = "address_up";
    private static final String SECONDS = "address_connect_seconds";

    /** More than any sane name has; what comes behind is left out. */
    private static final int MOST = 100;

    private static final int AT_ONCE = 32;

    static final List<FactSpec> SPECS = List.of(
            FactSpec.family(
                    UP,
                    "probe_tcp_address_up",
                    "address",
                    "With addresses: all, whether this address did all that the probe wants."),
            FactSpec.family(
                    SECONDS,
                    "probe_tcp_address_connect_seconds",
                    "address",
                    "With addresses: all, seconds that connecting to this address took; absent where it did not succeed."));

    private record Tried(InetAddress address, Optional<Duration> connect, Report report) {
        boolean up() {
            return report.outcome() == Outcome.PASS;
        }

        Failure failure() {
            return new Failure(report.cause().orElseThrow(), report.message());
        }

        String line() {
            return address.getHostAddress() + ": "
                    + report.cause().map(c -> c.code() + ": " + report.message()).orElse("up");
        }
    }

    void probe(Run run, Report.Builder report) throws InterruptedIOException {
        List<InetAddress> addresses = connector.resolve(target, run.deadline(), report);
        if (addresses.isEmpty()) {
            return;
        }
        List<InetAddress> some = addresses.stream().distinct().limit(MOST).toList();
        List<Tried> all = Parallel.map(some, AT_ONCE, address -> probe(address, run));
        for (Tried one : all) {
            report.fact(UP + "." + one.address().getHostAddress(), one.up());
            one.connect().ifPresent(took -> report.fact(
                    SECONDS + "." + one.address().getHostAddress(), took.toNanos() / 1e9));
        }
        judge(all, report);
    }

    private Tried probe(InetAddress address, Run run) throws InterruptedIOException {
        var report = Report.builder();
        NetFacts.address(report, address);
        Attempt attempt = connector.attempt(
                target.host(),
                new InetSocketAddress(address, target.port()),
                run.deadline().leftMillis(),
                run.deadline());
        report.phase("connect", attempt.took());
        attempt.failure().ifPresent(f -> f.tell(report));
        if (attempt.connection().isPresent()) {
            try (Connection connection = attempt.connection().get()) {
                conversation.over(connection, run, report);
            }
        }
        return new Tried(address, attempt.connection().map(_ -> attempt.took()), report.build());
    }

    private void judge(List<Tried> all, Report.Builder report) {
        List<Tried> down = all.stream().filter(t -> !t.up()).toList();
        int up = all.size() - down.size();
        boolean holds = rule.holds(up, all.size());
        Tried shown = all.stream().filter(t -> t.up() == holds).findFirst().orElseThrow();
        shown.report().phases().forEach(report::phase);
        shown.report().facts().forEach((name, fact) -> put(report, name, fact));
        if (!holds) {
            Failure worst = Connector.mostTelling(down.stream().map(Tried::failure).toList());
            String where = down.size() == 1 && all.size() == 1
                    ? ""
                    : down.size() + " of " + all.size() + " addresses of " + target.host() + " fail"
                            + (rule == AddressRule.ALL ? "" : ", and " + rule.wanted(all.size()) + " must work") + ": ";
            new Failure(worst.cause(), where + worst.message()).tell(report);
        }
        if (!down.isEmpty()) {
            report.evidence("addresses", all.stream().map(Tried::line).collect(Collectors.joining("\n")));
        }
        if (!holds) {
            shown.report().evidence().forEach(e -> report.evidence(e.title(), e.text()));
        }
    }

    private static void put(Report.Builder report, String name, Fact fact) {
        switch (fact) {
            case Fact.Quantity(double number) -> report.fact(name, number);
            case Fact.Text(String text) -> report.fact(name, text);
            case Fact.Flag(boolean flag) -> report.fact(name, flag);
        }
    }
}
