package dev.gatewatch.probes.icmp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What came back of the packets of one run. Confined to the run's thread. */
final class Replies {
    private final SortedMap<Integer, Long> roundTrips = new TreeMap<>();
    private final List<Echo.Refused> refusals = new ArrayList<>();
    private final Set<Integer> settled = new HashSet<>();
    private int sent;
    private int duplicates;
    private int damaged;
    private OptionalInt hopLimit = OptionalInt.empty();

    /** So many packets have left. */
    void sent(int packets) {
        sent = packets;
    }

    /** Something came back for a packet that was sent then. */
    void add(Echo echo, long sentAt) {
        switch (echo) {
            case Echo.Reply reply -> {
                // clocks are read one after the other
                if (roundTrips.putIfAbsent(reply.sequence(), Math.max(0, reply.atNanos() - sentAt)) != null) {
                    duplicates++;
                }
                if (reply.hopLimit().isPresent()) {
                    hopLimit = reply.hopLimit();
                }
            }
            case Echo.Damaged broken -> {
                damaged++;
                settled.add(broken.sequence());
            }
            case Echo.Refused refusal -> {
                if (settled.add(refusal.sequence())) {
                    refusals.add(refusal);
                }
            }
        }
    }

    int sent() {
        return sent;
    }

    int received() {
        return roundTrips.size();
    }

    /** Packets of which nothing more is to be waited for. */
    int answered() {
        return (int) IntStream.range(0, sent)
                .filter(i -> roundTrips.containsKey(i) || settled.contains(i))
                .count();
    }

    int duplicates() {
        return duplicates;
    }

    int damaged() {
        return damaged;
    }

    /** What routers or the host answered in the place of a reply, the first for each packet. */
    List<Echo.Refused> refusals() {
        return List.copyOf(refusals);
    }

    /** What was left of the TTL or hop limit of the last reply. */
    OptionalInt hopLimit() {
        return hopLimit;
    }

    /** The share of packets that got no reply, 0 to 1. */
    double loss() {
        return sent == 0 ? 1 : (sent - received()) / (double) sent;
    }

    Duration shortest() {
        return Duration.ofNanos(roundTrips.values().stream().mapToLong(n -> n).min().orElse(0));
    }

    Duration longest() {
        return Duration.ofNanos(roundTrips.values().stream().mapToLong(n -> n).max().orElse(0));
    }

    Duration mean() {
        return Duration.ofNanos((long) average());
    }

    /** Standard deviation of the round trips, of the whole population. */
    Duration deviation() {
        double mean = average();
        return Duration.ofNanos((long) Math.sqrt(roundTrips.values().stream()
                .mapToDouble(n -> (n - mean) * (n - mean))
                .average()
                .orElse(0)));
    }

    /** Mean difference between the round trips of one reply and the next, in the order of sending. */
    Duration jitter() {
        List<Long> inOrder = List.copyOf(roundTrips.values());
        return Duration.ofNanos((long) IntStream.range(1, inOrder.size())
                .mapToLong(i -> Math.abs(inOrder.get(i) - inOrder.get(i - 1)))
                .average()
                .orElse(0));
    }

    private double average() {
        return roundTrips.values().stream().mapToLong(n -> n).average().orElse(0);
    }

    /** A line for each packet. */
    String table() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < sent; i++) {
            Long took = roundTrips.get(i);
            int number = i;
            String what = took != null
                    ? String.format(java.util.Locale.ROOT, "%.3f ms", took / 1e6)
                    : refusals.stream()
                            .filter(r -> r.sequence() == number)
                            .findFirst()
                            .map(IcmpJudge::words)
                            .orElse("no reply");
            lines.add((i + 1) + ": " + what);
        }
        return String.join("\n", lines);
    }
}
