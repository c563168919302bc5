package dev.gatewatch.probes.icmp;

import dev.gatewatch.probe.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends packets at a steady pace and takes what comes back meanwhile and for a while after. Immutable.
 *
 * @param count packets to send
 * @param gap between the starts of two packets
 * @param patience how long to wait for the reply to the last packet
 */
record Pinger(int count, Duration gap, Duration patience) {
    /** Until all packets are answered, the wait is over, or the deadline has come. */
    Replies run(EchoSocket socket, Deadline deadline) throws IOException {
        var replies = new Replies();
        long[] sentAt = new long[count];
        long start = System.nanoTime();
        long end = start + deadline.left().toNanos();
        int sent = 0;
        while (true) {
            long now = System.nanoTime();
            long due = start + sent * gap.toNanos();
            if (sent < count && now - due >= 0 && now - end < 0) {
                sentAt[sent] = now;
                socket.send(sent);
                sent++;
                replies.sent(sent);
                continue;
            }
            if (sent == count && replies.answered() == count) {
                return replies;
            }
            long until = sent < count ? due : sentAt[sent - 1] + patience.toNanos();
            long left = Math.min(until - now, end - now);
            if (left <= 0) {
                return replies;
            }
            Optional<Echo> echo = socket.next(Duration.ofNanos(left));
            if (echo.isPresent() && echo.get().sequence() < sent) {
                replies.add(echo.get(), sentAt[echo.get().sequence()]);
            }
        }
    }
}
