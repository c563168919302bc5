package dev.gatewatch.probes.icmp;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probes.net.Failure;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.function.IntFunction;

/**
 * A network where the test says what comes back for each packet; 192.0.2.2 is silent and 192.0.2.99 has no route. Nothing leaves the
 * process.
 */
final class FakeNetwork implements EchoSockets {
    final List<String> sent = new ArrayList<>(); // under itself
    private final IntFunction<Optional<Echo>> answers;

    FakeNetwork(IntFunction<Optional<Echo>> answers) {
        this.answers = answers;
    }

    /** Every packet comes back, at once. */
    static Optional<Echo> reply(int sequence) {
        return Optional.of(new Echo.Reply(sequence, System.nanoTime(), OptionalInt.of(57)));
    }

    @Override
    public EchoSocket open(InetAddress to, EchoOptions options) throws EchoException {
        if (to.getHostAddress().equals("192.0.2.99")) {
            throw new EchoException(new Failure(Cause.CONNECT_UNREACHABLE, "there is no route to 192.0.2.99"));
        }
        var waiting = new ArrayDeque<Echo>();
        return new EchoSocket() {
            @Override
            public void send(int sequence) {
                synchronized (sent) {
                    sent.add(to.getHostAddress() + " " + sequence);
                }
                if (!to.getHostAddress().equals("192.0.2.2")) {
                    answers.apply(sequence).ifPresent(waiting::add);
                }
            }

            @Override
            public Optional<Echo> next(Duration atMost) throws InterruptedIOException {
                return take(waiting, atMost);
            }

            @Override
            public void close() {}
        };
    }

    private static Optional<Echo> take(Queue<Echo> waiting, Duration atMost) throws InterruptedIOException {
        if (!waiting.isEmpty()) {
            return Optional.of(waiting.remove());
        }
        try {
            Thread.sleep(atMost);
            return Optional.empty();
        } catch (InterruptedException _) {
            throw new InterruptedIOException();
        }
    }
}
