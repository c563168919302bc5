package dev.gatewatch.probes.icmp;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probe.Run;
import dev.gatewatch.probes.nativenet.NativeException;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.NetFacts;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import dev.gatewatch.probes.net.UnresolvedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Sends packets to one address of a host and counts what comes back. Immutable. */
final class IcmpProbe implements Probe {
    private final String target;
    private final IpFamily family;
    private final TargetPolicy policy;
    private final EchoSockets sockets;
    private final EchoOptions options;
    private final Pinger pinger;
    private final IcmpJudge judge;

    IcmpProbe(
            String target,
            IpFamily family,
            TargetPolicy policy,
            EchoSockets sockets,
            EchoOptions options,
            Pinger pinger,
            IcmpBounds bounds) {
        this.target = target;
        this.family = family;
        this.policy = policy;
        this.sockets = sockets;
        this.options = options;
        this.pinger = pinger;
        this.judge = new IcmpJudge(bounds, options);
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public Report run(Run run) throws InterruptedIOException {
        var report = Report.builder();
        Optional<InetAddress> address = resolve(run, report);
        if (address.isEmpty()) {
            return report.build();
        }
        NetFacts.address(report, address.get());
        Optional<Failure> refused = policy.refuses(target, new InetSocketAddress(address.get(), 0));
        if (refused.isPresent()) {
            refused.get().tell(report);
            return report.build();
        }
        long start = System.nanoTime();
        try (EchoSocket socket = sockets.open(address.get(), options)) {
            report.phase("setup", Duration.ofNanos(System.nanoTime() - start));
            exchange(socket, address.get(), run, report);
        } catch (EchoException e) {
            e.failure().tell(report);
        } catch (NativeException e) {
            NativeEchoSockets.failure(e, address.get(), options).tell(report);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            report.broken(Cause.INTERNAL_ERROR, "cannot send packets to " + target + ": " + e.getMessage());
        }
        return report.build();
    }

    private Optional<InetAddress> resolve(Run run, Report.Builder report) throws InterruptedIOException {
        long start = System.nanoTime();
        try {
            List<InetAddress> usable = family.pick(
                    Resolver.system().resolve(target, run.deadline()).addresses());
            if (usable.isEmpty()) {
                report.fail(Cause.DNS_NO_ADDRESS, target + " has no " + family.wanted() + " address");
            }
            if (!usable.isEmpty()) {
                report.phase("resolve", Duration.ofNanos(System.nanoTime() - start));
            }
            return usable.stream().findFirst();
        } catch (UnresolvedException e) {
            e.failure().tell(report);
            return Optional.empty();
        } finally {
            NetFacts.lookup(report, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private void exchange(EchoSocket socket, InetAddress to, Run run, Report.Builder report) throws IOException {
        Replies replies = pinger.run(socket, run.deadline());
        if (replies.received() > 0) {
            report.phase("rtt", replies.mean());
        }
        IcmpFacts.tell(replies, report);
        if (replies.loss() > 0) {
            report.evidence("packets", replies.table());
        }
        if (replies.sent() < pinger.count()) {
            report.evidence(
                    "not all packets sent",
                    "the time-out came after " + replies.sent() + " of " + pinger.count()
                            + " packets: raise timeout, or lower count or gap");
        }
        judge.judge(replies, to, report);
    }
}
