package dev.gatewatch.probes.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.Waiting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of hops, without a network; {@link PathTracerTest} has real ones. */
class PathTest {
    private static final InetAddress TARGET = InetAddress.ofLiteral("192.0.2.200");
    private static final InetSocketAddress TO = new InetSocketAddress(TARGET, 443);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # hops: last byte of the address, with what was said; - is silent | what is broken
                    1 2 200=              |
                    1 - - 200=            |
                    1 2 - -               |
                    - - -                 |
                    1 2!                  | hop 2 (192.0.2.2) has no route to the network
                    1 - 3!                | hop 3 (192.0.2.3) has no route to the network
                    1 2x                  |
                    1 200!                |
                    0!                    |
                    1 2 3 2 3 2 3         | packets go in circles through hop 6 (192.0.2.2)
                    1 2 2 2 2 200=        |
                    1 2 3 2 4 5 200=      |
                    1 2 - 2 - 2 -         |
                    """)
    void aRouteIsBrokenWhereARouterSaysSoOrPacketsGoInCircles(String hops, String broken) {
        Path path = path(hops);

        assertThat(path.broken()).isEqualTo(Optional.ofNullable(broken));
    }

    @Test
    void silentHopsInARowStandTogether() {
        assertThat(path("- 2 - - - 6! ").listing())
                .isEqualTo(
                        """
                        1 no answer
                        2 192.0.2.2 0.4 ms
                        3-5 no answer
                        6 192.0.2.6 0.4 ms has no route to the network
                        last that answered: hop 6 (192.0.2.6)""");
        assertThat(path("- -").listing()).isEqualTo("1-2 no answer\nno hop answered");
    }

    @Test
    void anOldTraceSaysHowOldItIs() {
        var path = new Path(TARGET, path("1").hops(), true, Duration.ofSeconds(41));

        assertThat(path.listing()).endsWith("(traced 41 s before, for an earlier run)");
        assertThat(new Path(TARGET, path("1").hops(), false, Duration.ofSeconds(1)).listing())
                .endsWith("(the run ended before the trace did)");
    }

    @Test
    void aTraceGoesOnBehindTheFarthestAnswerAndEndsAtTheTarget() throws Exception {
        var asked = new ConcurrentSkipListSet<Integer>();
        var route = route((_, number, _) -> {
            asked.add(number);
            return number < 14 ? hop(number, String.valueOf(number)) : hop(number, "200=");
        });
        var tracing = new Tracing(TO);

        route.find(tracing, Duration.ofSeconds(20));

        assertThat(tracing.path().hops()).hasSize(14).last().matches(hop -> hop.answer() == Hop.Answer.REACHED);
        assertThat(asked.last()).isLessThanOrEqualTo(14 + 8);
    }

    @Test
    void aTraceOfSilentHopsEndsSoon() throws Exception {
        var asked = new AtomicInteger();
        var route = route((_, number, _) -> {
            asked.incrementAndGet();
            return Hop.silent(number);
        });
        var tracing = new Tracing(TO);

        route.find(tracing, Duration.ofSeconds(20));

        assertThat(asked).hasValue(8);
        assertThat(tracing.path().lastAnswer()).isEmpty();
    }

    @Test
    void aLoopIsFollowedNoFurtherThanThirtyHops() throws Exception {
        var route = route((_, number, _) -> hop(number, String.valueOf(number % 2)));
        var tracing = new Tracing(TO);

        route.find(tracing, Duration.ofSeconds(20));

        assertThat(tracing.path().hops()).hasSize(30);
        assertThat(tracing.path().broken()).isPresent();
    }

    @Test
    void whatIsKnownWhenTheTimeIsUpIsKept() throws Exception {
        var never = new CountDownLatch(1);
        var route = route((_, number, _) -> {
            if (number == 1) {
                return hop(1, "1");
            }
            try {
                never.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            return Hop.silent(number);
        });
        var tracing = new Tracing(TO);

        route.find(tracing, Duration.ofMillis(100));

        assertThat(tracing.path().lastAnswer()).contains("hop 1 (192.0.2.1)");
    }

    @Test
    void anAddressIsTracedOnceAMinute() throws Exception {
        var traces = new AtomicInteger();
        Route route = (tracing, _) -> {
            traces.incrementAndGet();
            tracing.add(hop(1, "1"));
        };
        var once = new PathTracer(Thread.ofVirtual().factory(), route, Duration.ofMinutes(1));
        var always = new PathTracer(Thread.ofVirtual().factory(), route, Duration.ZERO);

        for (PathTracer tracer : List.of(once, once, once, always, always)) {
            try (var watch = tracer.watch(TO, Duration.ofMinutes(1))) {
                assertThat(watch.path(Duration.ofSeconds(20)).orElseThrow().hops()).hasSize(1);
            }
        }

        assertThat(traces).hasValue(3);
    }

    @Test
    void anAttemptThatStaysSilentIsTracedWhileItWaits() throws Exception {
        var begun = new CountDownLatch(1);
        var tracer = new PathTracer(Thread.ofVirtual().factory(), (_, _) -> begun.countDown(), Duration.ofMinutes(1));

        try (var _ = tracer.watch(TO, Duration.ofMillis(30))) {
            begun.await();
        }
    }

    @Test
    void onlySoManyTracesAreMadeAtOnce() throws Exception {
        var begun = new AtomicInteger();
        var end = new CountDownLatch(1);
        Route route = (_, _) -> {
            begun.incrementAndGet();
            end.await();
        };
        var tracer = new PathTracer(Thread.ofVirtual().factory(), route, Duration.ofMinutes(1));

        for (int i = 1; i <= 20; i++) {
            try (var watch = tracer.watch(new InetSocketAddress(InetAddress.ofLiteral("192.0.2." + i), 443), Duration.ofMinutes(1))) {
                assertThat(watch.path(Duration.ofMillis(1))).isEmpty();
            }
        }

        Waiting.await().until(() -> begun.get() == 8);
        end.countDown();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1  10.0.0.1  0.512 ms               | PASSED 10.0.0.1
                    2  *                                | SILENT (not named)
                    12  10.0.2.1  3.1 ms !N              | UNREACHABLE 10.0.2.1
                    4  10.0.2.1  3.1 ms !H              | UNREACHABLE 10.0.2.1
                    4  10.0.2.1  3.1 ms !X              | PROHIBITED 10.0.2.1
                    5  192.0.2.200  9 ms                | REACHED 192.0.2.200
                    6  2001:db8::1  0.3 ms              | PASSED 2001:db8:0:0:0:0:0:1
                    """)
    void linesOfTracerouteAreRead(String line, String hop) {
        assertThat(TracerouteProgram.hop(line, TARGET).map(h -> h.answer() + " " + h.who())).contains(hop);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "traceroute to 192.0.2.200 (192.0.2.200), 30 hops max, 60 byte packets",
                "",
                "99  10.0.0.1  1 ms",
                "1  999.0.0.1  1 ms",
                "1  10.0.0.1  ... ms",
                "connect: Network is unreachable"
            })
    void otherLinesAreNoHops(String line) {
        assertThat(TracerouteProgram.hop(line, TARGET)).isEmpty();
    }

    @Test
    void tracerouteIsAskedForTheTargetsPortOnly() {
        assertThat(String.join(" ", TracerouteProgram.command(java.nio.file.Path.of("/t"), TO, "Linux")))
                .isEqualTo("/t -n -q 1 -w 1 -m 30 -4 -N 16 -U -p 443 192.0.2.200");
        assertThat(String.join(" ", TracerouteProgram.command(java.nio.file.Path.of("/t"), TO, "Mac OS X")))
                .isEqualTo("/t -n -q 1 -w 1 -m 30 -e -p 443 192.0.2.200");
    }

    private static NativeRoute route(NativeRoute.Asking asking) {
        return new NativeRoute(Thread.ofVirtual().factory(), asking);
    }

    private static Path path(String hops) {
        var list = new ArrayList<Hop>();
        for (String hop : hops.strip().split(" ")) {
            list.add(hop(list.size() + 1, hop));
        }
        return new Path(TARGET, list, true, Duration.ZERO);
    }

    /** The last byte of the address, then = for the target, ! for no route, x for a filter; 0 is this machine, - nobody. */
    private static Hop hop(int number, String text) {
        if (text.equals("-")) {
            return Hop.silent(number);
        }
        String digits = text.replaceAll("\\D", "");
        Optional<InetAddress> from =
                digits.equals("0") && text.endsWith("!") ? Optional.empty() : Optional.of(InetAddress.ofLiteral("192.0.2." + digits));
        return switch (text.charAt(text.length() - 1)) {
            case '=' -> new Hop(number, Hop.Answer.REACHED, from, Duration.ofNanos(400_000), "");
            case '!' -> new Hop(number, Hop.Answer.UNREACHABLE, from, Duration.ofNanos(400_000), "has no route to the network");
            case 'x' -> new Hop(number, Hop.Answer.PROHIBITED, from, Duration.ofNanos(400_000), "forbids the packet (a filter)");
            default -> new Hop(number, Hop.Answer.PASSED, from, Duration.ofNanos(400_000), "");
        };
    }

    @Test
    void aLineThatIsTooLongForTheProgramSaysNothing() {
        assertThat(TracerouteProgram.hop(" 3  10.0.2.1  0.512 ms !" + "!N ".repeat(20_000), TARGET)).isEmpty();
    }
}
