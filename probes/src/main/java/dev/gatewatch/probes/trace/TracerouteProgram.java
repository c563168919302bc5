package dev.gatewatch.probes.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The system's own {@code traceroute}, for systems whose sockets we do not know (macOS, BSD). Its packets are UDP to the target's port.
 * Safe for many threads.
 */
final class TracerouteProgram implements Route {
    private static final Pattern LINE =
            Pattern.compile("\\s*(\\d{1,2})\\s+(?:\\*|([0-9A-Fa-f:.]+)(?:%\\S+)?\\s+([0-9.]{1,12})\\s*ms)(?:\\s+(!\\S*))?.*");

    /** The pattern's time grows with the square of it. */
    private static final int LONGEST_LINE = 500;

    private final Optional<Path> program;

    TracerouteProgram(Optional<Path> program) {
        this.program = program;
    }

    /** Where systems keep it. */
    static Optional<Path> installed() {
        return Stream.of("/usr/sbin/traceroute", "/usr/bin/traceroute", "/sbin/traceroute", "/bin/traceroute")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public void find(Tracing tracing, Duration atMost) throws InterruptedException {
        if (program.isEmpty()) {
            return;
        }
        Process process;
        try {
            process = new ProcessBuilder(command(program.get(), tracing.to(), System.getProperty("os.name", "")))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException _) {
            return;
        }
        Thread reader = Thread.ofPlatform().daemon().name("traceroute").start(() -> read(process, tracing));
        try {
            if (process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                reader.join(Duration.ofMillis(200));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /** Numbers only, one packet a hop, one second for its answer, always to the same port. */
    static List<String> command(Path program, InetSocketAddress to, String system) {
        var command = new ArrayList<>(List.of(program.toString(), "-n", "-q", "1", "-w", "1", "-m", String.valueOf(Tracing.MOST_HOPS)));
        if (system.equals("Linux")) {
            command.addAll(List.of(to.getAddress() instanceof Inet6Address ? "-6" : "-4", "-N", "16", "-U"));
        } else {
            command.add("-e");
        }
        command.addAll(List.of("-p", String.valueOf(to.getPort()), to.getAddress().getHostAddress()));
        return command;
    }

    private static void read(Process process, Tracing tracing) {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hop(line, tracing.to().getAddress()).ifPresent(tracing::add);
            }
        } catch (IOException _) {
            // ended from outside
        }
    }

    /** A line such as {@code 3  10.0.2.1  0.512 ms !N} or {@code 4  *}; nothing for a headline. */
    static Optional<Hop> hop(String line, InetAddress to) {
        Matcher m = LINE.matcher(line);
        if (line.length() > LONGEST_LINE || !m.matches()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(m.group(1));
        if (number < 1 || number > Tracing.MOST_HOPS) {
            return Optional.empty();
        }
        if (m.group(2) == null) {
            return Optional.of(Hop.silent(number));
        }
        try {
            InetAddress from = InetAddress.ofLiteral(m.group(2));
            var took = Duration.ofNanos((long) (Double.parseDouble(m.group(3)) * 1e6));
            return Optional.of(hop(number, from, took, Optional.ofNullable(m.group(4)).orElse(""), to));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The marks are those of traceroute(8). */
    private static Hop hop(int number, InetAddress from, Duration took, String mark, InetAddress to) {
        return switch (mark) {
            case "!N" -> new Hop(number, Hop.Answer.UNREACHABLE, Optional.of(from), took, "has no route to the network");
            case "!H" -> new Hop(number, Hop.Answer.UNREACHABLE, Optional.of(from), took, "cannot reach the host");
            case "!X", "!A", "!C", "!Z" ->
                new Hop(number, Hop.Answer.PROHIBITED, Optional.of(from), took, "forbids the packet (a filter)");
            default ->
                new Hop(number, from.equals(to) ? Hop.Answer.REACHED : Hop.Answer.PASSED, Optional.of(from), took, "");
        };
    }
}
