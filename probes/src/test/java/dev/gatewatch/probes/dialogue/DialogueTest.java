package dev.gatewatch.probes.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.gatewatch.config.HostPort;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.Key;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Connector;
import dev.gatewatch.probes.net.IpFamily;
import dev.gatewatch.probes.net.LocalServer;
import dev.gatewatch.probes.net.Resolver;
import dev.gatewatch.probes.net.TargetPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DialogueTest {
    private static final Duration AMPLE = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Key<List<Step>> STEPS =
            Key.required("dialogue", Types.list(Step.TYPE, 0), "Steps.");

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 1_000})
    void theMatchAndItsCapturesDoNotDependOnSegments(int segment) throws Exception {
        String banner = "noise SSH\r\nSSH-2.0-OpenSSH_9.2p1 Debian-2\r\nmore\r\n";

        Report report = talk(
                AMPLE,
                socket -> {
                    inSegments(socket.getOutputStream(), banner.getBytes(UTF_8), segment);
                    heard.add(new String(socket.getInputStream().readNBytes(14), UTF_8));
                },
                Map.of(
                        "expect",
                        "^SSH-([0-9.]+)-(\\S+)(?: (?P<os>.*))?$",
                        "send",
                        "${2} ${os}",
                        "labels",
                        Map.of("version", "${1}", "all", "${0}")),
                Map.of("expect", "^more$"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("OpenSSH_9.2p1 ");
        assertThat(report.facts())
                .containsEntry("expect.version", Fact.of("2.0"))
                .containsEntry("expect.all", Fact.of("SSH-2.0-OpenSSH_9.2p1 Debian-2"))
                .containsEntry("failed_due_to_regex", Fact.of(false));
    }

    private static void inSegments(OutputStream out, byte[] bytes, int size) throws IOException {
        for (int i = 0; i < bytes.length; i += size) {
            out.write(bytes, i, Math.min(size, bytes.length - i));
            out.flush();
        }
    }

    @Test
    void eightBytesThatArriveInTwoReadsMatch() throws Exception {
        Report report = talk(
                AMPLE,
                socket -> {
                    socket.getOutputStream().write(new byte[] {0, 1, 2, 3});
                    socket.getInputStream().readNBytes(1); // what was sent is read by then
                    socket.getOutputStream().write(new byte[] {4, 5, (byte) 0xFE, (byte) 0xFF});
                    LocalServer.drain(socket);
                },
                Map.of("expect_bytes", Map.of("hex", "00 01"), "send", "x"),
                Map.of("expect_bytes", Map.of("base64", "AgMEBf7/")));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void theFirstOtherByteFailsWithoutWaitingForTheRest() throws Exception {
        Report report = talk(
                Duration.ofMinutes(5),
                socket -> {
                    socket.getOutputStream().write(new byte[] {0, 1, 9});
                    LocalServer.drain(socket);
                },
                Map.of("expect_bytes", Map.of("hex", "0001020304050607")));

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message())
                .isEqualTo("expected 8 bytes 0001020304050607 next in step 1 of the dialogue, got: 000109");
        assertThat(report.facts())
                .containsEntry("failed_due_to_bytes", Fact.of(true))
                .containsEntry("failed_due_to_regex", Fact.of(false));
    }

    @Test
    void bytesAndLinesMayBeMixed() throws Exception {
        Report report = talk(
                AMPLE,
                socket -> socket.getOutputStream().write("abcdef\nsecond line\nxyz".getBytes(UTF_8)),
                Map.of("expect_bytes", "abc"),
                Map.of("expect", "^def$"),
                Map.of("expect", "line"),
                Map.of("expect", "^xy(z)$"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aLineThatIsNotCompleteIsNotMatchedAndTheMessageSaysWhatHelps() throws Exception {
        LocalServer.Talk prompt = socket -> {
            socket.getOutputStream().write("login: ".getBytes(UTF_8));
            LocalServer.drain(socket);
        };

        Report line = talk(SHORT, prompt, Map.of("expect", "^login:"));
        Report stream = talk(AMPLE, prompt, Map.of("expect", "^login: $", "expect_in", "stream"));

        assertThat(line.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(line.message())
                .isEqualTo("expected /^login:/ within 150ms in step 1 of the dialogue, got: login:"
                        + " (a line without its end; expect_in: stream looks into such)");
        assertThat(stream.outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void aStreamMatchLeavesTheRestForTheNextStep() throws Exception {
        Report report = talk(
                AMPLE,
                socket -> socket.getOutputStream().write("one two\nthree\n".getBytes(UTF_8)),
                Map.of("expect", "one", "expect_in", "stream"),
                Map.of("expect", "^ two$"),
                Map.of("expect", "^three\\n", "expect_in", "stream"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
    }

    @Test
    void namedGroupsStayAndNumberedOnesAreOfTheLastMatch() throws Exception {
        Report report = talk(
                AMPLE,
                socket -> {
                    socket.getOutputStream().write("id=7 key=a\nid=8\n".getBytes(UTF_8));
                    heard.add(new String(socket.getInputStream().readNBytes(3), UTF_8));
                },
                Map.of("expect", "id=(\\d) key=(?P<key>.)"),
                Map.of("expect", "id=(\\d)"),
                Map.of("send", "${1}-${key}"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("8-a");
    }

    @Test
    void capturedBytesAreSentBackAsTheyCame() throws Exception {
        byte[] odd = {'<', (byte) 0xFF, (byte) 0x80, 'x', '>', '\n'};
        Report report = talk(
                AMPLE,
                socket -> {
                    socket.getOutputStream().write(odd);
                    heard.add(new String(socket.getInputStream().readNBytes(3), ISO_8859_1));
                },
                Map.of("expect", "<(.*)>", "send", "${1}"));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("\u00FF\u0080x");
    }

    @ParameterizedTest
    @CsvSource({
        "41c3a9e282acf09f9880, 41c3a9e282acf09f9880",
        "ff41fe, 1a411a",
        "c3, 1a",
        "41c3, 411a",
        "c341, 1a41",
        "c0af, 1a1a",
        "e08080, 1a1a1a",
        "eda080, 1a1a1a",
        "f4908080, 1a1a1a1a",
        "f09f98, 1a1a1a",
        "e282, 1a1a",
    })
    void whatIsNoUtf8IsSubstitutedByteForByte(String bytes, String text) {
        assertThat(HexFormat.of().formatHex(Utf8.substituted(HexFormat.of().parseHex(bytes)))).isEqualTo(text);
    }

    @Test
    void bytesThatAreNoTextDoNoHarm() throws Exception {
        var random = new Random(3);
        for (int round = 0; round < 30; round++) {
            byte[] noise = new byte[random.nextInt(2_000)];
            random.nextBytes(noise);

            Report report = talk(
                    AMPLE, socket -> socket.getOutputStream().write(noise), Map.of("expect", "(é|never){2,}there"),
                    Map.of("expect", "x", "expect_in", "stream"));

            assertThat(report.cause().orElseThrow()).isIn(Cause.CONTENT_MISMATCH, Cause.CONNECTION_RESET);
        }
    }

    @Test
    void aLineWithoutEndIsCutOff() throws Exception {
        Report report = talk(
                AMPLE,
                socket -> {
                    while (true) {
                        socket.getOutputStream().write("blah ".repeat(2_000).getBytes(UTF_8));
                    }
                },
                Map.of("expect", "^220"));

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
        assertThat(report.message()).startsWith("expected /^220/ within 64 kB");
    }

    @Test
    void aCatastrophicExpressionEndsSoon() throws Exception {
        Report report = talk(
                AMPLE,
                socket -> socket.getOutputStream().write(("a".repeat(60_000) + "\n").getBytes(UTF_8)),
                Map.of("expect", "^(a+)+$b"));

        assertThat(report.cause()).contains(Cause.CONTENT_MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({"expect", "send", "expect_bytes", "send_bytes"})
    void aSecretIsInNoTextWhereverItStands(String key) throws Exception {
        var secret = new Secret("s3cr3t-value");

        Report report = talk(
                SHORT,
                socket -> {
                    socket.getOutputStream().write("you said s3cr3t-value\n".getBytes(UTF_8));
                    LocalServer.drain(socket);
                },
                Map.of(key, secret),
                Map.of("expect", "never", "labels", Map.of("x", "${0}")));

        assertThat(report.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void stepsOfOthersCanBeMadeWithoutAConfiguration() throws Exception {
        var labels = new LinkedHashMap<String, Template>();
        labels.put("banner", Template.of("${1}"));
        var step = new Step(
                Optional.of(new Expectation.Line(Pattern.compile("^220 (.*)$"))),
                Optional.of(Template.of("QUIT\n")),
                false,
                labels,
                List.of());

        Report report = talkBySteps(
                AMPLE,
                socket -> {
                    socket.getOutputStream().write("220 hi\n".getBytes(UTF_8));
                    LocalServer.drain(socket);
                },
                List.of(step));

        assertThat(report.facts()).containsEntry("expect.banner", Fact.of("hi"));
    }

    @Test
    void aWrongStepIsSaidSo() {
        assertProblem("a step expects, sends or starts TLS", Map.of());
        assertProblem("expect and expect_bytes exclude each other", Map.of("expect", "a", "expect_bytes", "b"));
        assertProblem("send and send_bytes exclude each other", Map.of("send", "a", "send_bytes", "b"));
        assertProblem("there is no expect in this step", Map.of("send", "a", "expect_in", "stream"));
        assertProblem("labels keep what expect matched", Map.of("send", "a", "labels", Map.of("a", "b")));
        assertProblem("the label name \"region\" is taken", Map.of("expect", "a", "labels", Map.of("region", "b")));
        assertProblem("expected a label name", Map.of("expect", "a", "labels", Map.of("a-b", "b")));
        assertProblem("expected bytes in hex", Map.of("expect_bytes", Map.of("hex", "0g")));
        assertProblem("expected bytes in base64", Map.of("expect_bytes", Map.of("base64", "*")));
        assertProblem("write bytes as one of hex or base64", Map.of("expect_bytes", Map.of("hex", "00", "base64", "AA==")));
        assertProblem("expected at least one byte", Map.of("send_bytes", ""));
        assertThat(Dialogue.problems(steps(
                        Map.of("send", "${1}"),
                        Map.of("expect", "(a)(?P<b>c)", "send", "${2} ${b} ${3}"),
                        Map.of("expect", "a", "send", "${2} ${b} ${0} $x ${ ${1x}"),
                        Map.of("starttls", true),
                        Map.of("starttls", true))))
                .containsExactly(
                        "step 1 uses ${1}, and no expect up to there captures it",
                        "step 2 uses ${3}, and no expect up to there captures it",
                        "step 3 uses ${2}, and no expect up to there captures it",
                        "TLS can start only once, and two steps say starttls");
    }

    private static void assertProblem(String part, Map<String, Object> step) {
        assertThat(Sections.problems(Step.TYPE, step)).singleElement().asString().contains(part);
    }

    private static List<Step> steps(Object... steps) {
        return Sections.of(List.of(STEPS), Map.of("dialogue", List.of(steps))).get(STEPS);
    }

    private static Report talk(Duration timeout, LocalServer.Talk peer, Object... steps) throws Exception {
        return talkBySteps(timeout, peer, steps(steps));
    }

    private static Report talkBySteps(Duration timeout, LocalServer.Talk peer, List<Step> steps) throws Exception {
        var report = Report.builder();
        var connector = new Connector(Resolver.system(), TargetPolicy.STANDARD, IpFamily.ANY);
        try (var server = LocalServer.start(peer)) {
            HostPort at = HostPort.parse(server.address(), 0).orElseThrow();
            Optional<Connection> connected = connector.connect(at, Deadline.after(timeout), report);
            try (Connection connection = connected.orElseThrow()) {
                Socket socket = connection.socket();
                new Dialogue(steps, connection, Optional.empty(), report).run(socket, Optional::empty);
                if (report.outcome() == Outcome.PASS) {
                    socket.shutdownOutput();
                    LocalServer.drain(socket); // until the peer has heard all
                }
            }
        }
        return report.build();
    }
}
