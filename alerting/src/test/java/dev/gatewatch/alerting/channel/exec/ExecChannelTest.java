package dev.gatewatch.alerting.channel.exec;

import static dev.gatewatch.kit.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With real programs of the shell, as users write them. */
@Timeout(60)
class ExecChannelTest {
    private static final String SECRET = "s3cr3t-Vn7qXw2Lk9";

    @TempDir
    Path folder;

    private Messenger channel(Map<String, Object> config) {
        var setup = new Setup("ops", "dc1", Optional.of(URI.create("https://watch.example.com")));
        return (Messenger) Sections.read(SectionType.of("exec", new ExecType().keys(), s -> new ExecType().create(s, setup)), config);
    }

    private Messenger script(String text, Object... more) {
        var config = new HashMap<String, Object>();
        config.put("command", List.of("sh", "-c", text, "sh", folder.toString()));
        for (int i = 0; i < more.length; i += 2) {
            config.put((String) more[i], more[i + 1]);
        }
        return channel(config);
    }

    private static Delivery send(Messenger channel) throws InterruptedException {
        return channel.send(List.of(AlertSamples.notice(7, AlertSamples.firing("a1"))));
    }

    private List<String> problems(Map<String, Object> config) {
        return Sections.problems(
                SectionType.of("exec", new ExecType().keys(), s -> new ExecType().create(s, new Setup("ops", "dc1", Optional.empty()))),
                config);
    }

    @Test
    void theServiceLoaderFindsItOnce() {
        assertThat(ServiceLoader.load(ChannelType.class).stream().filter(p -> p.type() == ExecType.class)).hasSize(1);
    }

    @Test
    void aProgramGetsTheMessageAsJsonAndInItsEnvironment() throws Exception {
        Messenger channel = script("cat > \"$1/in.json\"; env > \"$1/env\"", "environment", Map.of("TOKEN", SECRET));

        assertThat(send(channel)).isEqualTo(new Delivery.Delivered());

        JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("in.json")));
        assertThat(json.path("version").asString()).isEqualTo("4");
        assertThat(json.path("alerts").path(0).path("labels").path("probe").asString()).isEqualTo("gateway-health");
        List<String> environment = Files.readAllLines(folder.resolve("env"));
        assertThat(environment)
                .contains(
                        "GATEWATCH_STATUS=firing",
                        "GATEWATCH_SEVERITY=critical",
                        "GATEWATCH_TITLE=CRITICAL gateway-health@eu: http_status",
                        "GATEWATCH_URL=https://watch.example.com/alerts#a-a1",
                        "GATEWATCH_NOTICE_ID=7",
                        "TOKEN=" + SECRET)
                .noneMatch(line -> line.startsWith("HOME=") || line.startsWith("JAVA_HOME="));
    }

    @Test
    void theExitCodeIsTheVerdict() throws Exception {
        assertThat(send(script("exit 0"))).isEqualTo(new Delivery.Delivered());
        assertThat(send(script("echo busy; exit 75"))).isInstanceOfSatisfying(Delivery.Retry.class, retry -> {
            assertThat(retry.reason()).isEqualTo("sh ended with exit code 75: busy");
            assertThat(retry.mayHaveArrived()).isFalse();
        });
        assertThat(send(script("echo 'no such pager' >&2; exit 1"))).isInstanceOfSatisfying(Delivery.Refused.class, refused -> assertThat(
                        refused.reason())
                .isEqualTo("sh ended with exit code 1: no such pager"));
        assertThat(send(script("kill -9 $$"))).isInstanceOfSatisfying(Delivery.Retry.class, retry -> {
            assertThat(retry.reason()).contains("signal 9");
            assertThat(retry.mayHaveArrived()).isTrue();
        });
    }

    @Test
    void aProgramThatIsNotThereNeedsAPerson() throws Exception {
        assertThat(send(channel(Map.of("command", List.of("/no/such/pager")))))
                .isInstanceOfSatisfying(Delivery.Broken.class, broken -> assertThat(broken.reason()).contains("pager cannot be started"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sleep 300", "trap '' TERM; sleep 300 & sleep 300", "sleep 300 | cat; sleep 300"})
    void aTimeOutEndsTheProgramWithAllThatItStarted(String text) throws Exception {
        Messenger channel = script("echo $$ > \"$1/pid\"; " + text, "timeout", "500ms");

        assertThat(send(channel)).isInstanceOfSatisfying(Delivery.Retry.class, retry -> {
            assertThat(retry.reason()).contains("did not end within 500 ms");
            assertThat(retry.mayHaveArrived()).isTrue();
        });

        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        assertThat(ProcessHandle.current().descendants().filter(p -> p.info().arguments().map(a -> List.of(a).contains("300")).orElse(false)))
                .isEmpty();
    }

    @Test
    void anInterruptEndsTheProgram() throws Exception {
        Messenger channel = script("echo $$ > \"$1/pid.new\"; mv \"$1/pid.new\" \"$1/pid\"; sleep 300");
        var ended = new CompletableFuture<Throwable>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                send(channel);
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        await().until(() -> Files.exists(folder.resolve("pid")));

        thread.interrupt();

        assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void outputWithoutEndIsTakenAndCut() throws Exception {
        assertThat(send(script("yes pager | head -c 5000000; exit 1"))).isInstanceOfSatisfying(Delivery.Refused.class, refused -> assertThat(
                        refused.reason())
                .hasSizeLessThan(300));
    }

    @Test
    void noSecretIsInWhatIsTold() throws Exception {
        Messenger channel = channel(Map.of(
                "command", List.of("sh", "-c", "echo \"$TOKEN $1\"; exit 1", "sh", "arg-" + SECRET), "environment", Map.of("TOKEN", SECRET)));

        assertThat(send(channel).toString()).doesNotContain(SECRET).contains("<secret>");
        assertThat(channel.toString()).doesNotContain(SECRET);
    }

    @Test
    void hugeTextsOfAnyKindReachTheProgram() throws Exception {
        var alert = AlertSamples.with(AlertSamples.firing("a1"), Cause.CONTENT_MISMATCH, AlertSamples.huge(), AlertSamples.huge());

        assertThat(script("cat > /dev/null; test ${#GATEWATCH_TEXT} -gt 100").send(List.of(AlertSamples.notice(1, alert))))
                .isEqualTo(new Delivery.Delivered());
    }

    @Test
    void everyAlertOfAGroupIsNamed() throws Exception {
        List<Notice> notices = IntStream.range(0, 100)
                .mapToObj(i -> AlertSamples.notice(i, AlertSamples.firing("a" + i, "checkout-" + i, "got 503")))
                .toList();
        Messenger channel = script("cat > \"$1/in.json\"; printf %s \"$GATEWATCH_TEXT\" > \"$1/text\"");
        assertThat(channel.mixesGroups()).isFalse();
        assertThat(channel.fitting(notices)).isEqualTo(100);

        assertThat(channel.send(notices)).isEqualTo(new Delivery.Delivered());

        String text = Files.readString(folder.resolve("text"));
        String json = Files.readString(folder.resolve("in.json"));
        notices.forEach(n -> assertThat(text).contains(n.alert().series().probe()));
        notices.forEach(n -> assertThat(json).contains("\"" + n.alert().series().probe() + "\""));
    }

    @Test
    void ourOwnVariablesCannotBeSet() {
        assertThat(problems(Map.of("command", List.of("pager"), "environment", Map.of("GATEWATCH_STATUS", "x"))))
                .singleElement()
                .asString()
                .contains("does not begin with GATEWATCH_");
        assertThat(problems(Map.of("command", "pager --now"))).singleElement().asString().contains("command");
    }
}
