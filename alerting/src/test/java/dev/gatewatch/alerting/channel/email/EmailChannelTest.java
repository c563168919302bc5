package dev.gatewatch.alerting.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerting.channel.Channel.Messenger;
import dev.gatewatch.alerting.channel.ChannelType;
import dev.gatewatch.alerting.channel.ChannelType.Setup;
import dev.gatewatch.alerting.channel.Delivery;
import dev.gatewatch.alerting.channel.Notice;
import dev.gatewatch.alerting.channel.Wording;
import dev.gatewatch.alerting.channel.Wording.Language;
import dev.gatewatch.alerting.channel.support.AlertSamples;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.view.AlertView;
import jakarta.mail.BodyPart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against an SMTP server on loopback; what arrived is read by the mail library's own parser. */
@Timeout(60)
class EmailChannelTest {
    private static final String SECRET = "s3cr3t-Vn7qXw2Lk9";

    private static final HeldCertificate AUTHORITY =
            new HeldCertificate.Builder().commonName("Test authority").certificateAuthority(0).build();

    @TempDir
    Path folder;

    private static Messenger channel(Map<String, Object> config, Wording wording) {
        var setup = new Setup("mail", "dc1", Optional.of(URI.create("https://watch.example.com")), wording);
        return (Messenger)
                Sections.read(SectionType.of("email", new EmailType().keys(), s -> new EmailType().create(s, setup)), config);
    }

    private static Messenger channel(Map<String, Object> config) {
        return channel(config, Wording.DEFAULT);
    }

    private static Map<String, Object> plain(int port) {
        var config = new HashMap<String, Object>();
        config.put("host", "127.0.0.1");
        config.put("port", port);
        config.put("security", "none");
        config.put("from", "Gatewatch <alerts@example.com>");
        config.put("to", List.of("ann@example.com", "Bob <bob@example.com>"));
        config.put("timeout", "5s");
        return config;
    }

    private Map<String, Object> secured(int port, String security, HeldCertificate trusted) throws Exception {
        var config = new HashMap<>(plain(port));
        config.put("security", security);
        config.put("username", "alerts");
        config.put("password", SECRET);
        Path pem = Files.writeString(folder.resolve("authority.pem"), trusted.certificatePem());
        config.put("tls", Map.of("trust", pem.toString()));
        return config;
    }

    private static javax.net.ssl.SSLSocketFactory certificateFor(String name) {
        HeldCertificate own = new HeldCertificate.Builder()
                .commonName(name)
                .addSubjectAlternativeName(name)
                .signedBy(AUTHORITY)
                .build();
        return new HandshakeCertificates.Builder()
                .heldCertificate(own, AUTHORITY.certificate())
                .build()
                .sslSocketFactory();
    }

    private static Delivery send(Map<String, Object> config, Notice... notices) throws InterruptedException {
        try (Messenger channel = channel(config)) {
            return channel.send(List.of(notices));
        }
    }

    private static Notice firing() {
        return AlertSamples.notice(7, AlertSamples.firing("a1"));
    }

    private static MimeMessage parsed(SmtpServer server) throws Exception {
        String data = server.mails.getLast().data();
        return new MimeMessage(
                Session.getInstance(new Properties()), new ByteArrayInputStream(data.getBytes(StandardCharsets.UTF_8)));
    }

    /** The text, and the HTML. */
    private static String part(MimeMessage mail, int index) throws Exception {
        BodyPart part = ((MimeMultipart) mail.getContent()).getBodyPart(index);
        assertThat(part.getContentType()).startsWithIgnoringCase(index == 0 ? "text/plain" : "text/html");
        return (String) part.getContent();
    }

    private static List<String> problems(Map<String, Object> config) {
        return Sections.problems(
                SectionType.of("email", new EmailType().keys(), s -> new EmailType().create(s, new Setup("m", "dc1", Optional.empty()))),
                config);
    }

    @Test
    void theServiceLoaderFindsItOnce() {
        assertThat(ServiceLoader.load(ChannelType.class).stream().filter(p -> p.type() == EmailType.class)).hasSize(1);
    }

    @Test
    void aMailSaysWhatIsBrokenAsTextAndAsHtml() throws Exception {
        try (var server = SmtpServer.plain()) {
            assertThat(send(plain(server.port()), firing())).isEqualTo(new Delivery.Delivered());

            assertThat(server.mails.getLast().from()).startsWith("<alerts@example.com>");
            assertThat(server.mails.getLast().to()).containsExactly("<ann@example.com>", "<bob@example.com>");
            MimeMessage mail = parsed(server);
            assertThat(mail.getSubject()).isEqualTo("CRITICAL gateway-health@eu: http_status – expected status 200, got 503");
            assertThat(mail.getFrom()[0].toString()).isEqualTo("Gatewatch <alerts@example.com>");
            assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
            assertThat(mail.getHeader("Importance", null)).isEqualTo("high");
            String text = part(mail, 0).replace("\r\n", "\n");
            assertThat(text)
                    .startsWith("CRITICAL gateway-health@eu: http_status\nexpected status 200, got 503\nSince 2026-03-02 03:12:05 UTC")
                    .contains("\nDo first: ", "\nRunbook: https://wiki.example.com/gateway?a=1&b=2\n");
            assertThat(text.lines().filter(line -> !line.contains("https://"))).allSatisfy(line -> assertThat(line)
                    .hasSizeLessThanOrEqualTo(78));
            assertThat(part(mail, 1)).contains("<a href=\"https://wiki.example.com/gateway?a=1&amp;b=2\"", "Do first:");
            assertThat(server.mails.getLast().data().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(998));
        }
    }

    @Test
    void theMailsOfAGroupMakeAThreadAndARepeatHasTheSameId() throws Exception {
        var group = new Notice.Group("g-1", "region eu", 1);
        Notice fires = AlertSamples.inGroup(firing(), group);
        Notice over = AlertSamples.inGroup(AlertSamples.notice(8, AlertSamples.resolved(AlertSamples.firing("a1"))), group);
        try (var server = SmtpServer.plain()) {
            send(plain(server.port()), fires);
            MimeMessage first = parsed(server);
            send(plain(server.port()), AlertSamples.repeat(fires));
            MimeMessage again = parsed(server);
            send(plain(server.port()), over);
            MimeMessage last = parsed(server);

            assertThat(first.getMessageID()).matches("<notice\\.[0-9a-f]{24}\\.gatewatch@example\\.com>").isEqualTo(again.getMessageID());
            assertThat(last.getMessageID()).isNotEqualTo(first.getMessageID());
            assertThat(last.getHeader("References", null))
                    .isEqualTo(first.getHeader("References", null))
                    .matches("<group\\.[0-9a-f]{24}\\.gatewatch@example\\.com>");
            assertThat(last.getHeader("Importance", null)).isNull();
        }
    }

    @Test
    void startTlsProtectsTheLoginAndTheMail() throws Exception {
        try (var server = SmtpServer.startTls(certificateFor("127.0.0.1"))) {
            assertThat(send(secured(server.port(), "starttls", AUTHORITY), firing())).isEqualTo(new Delivery.Delivered());

            SmtpServer.Received mail = server.mails.getLast();
            assertThat(mail.protectedByTls()).isTrue();
            assertThat(new String(Base64.getDecoder().decode(mail.login()), StandardCharsets.UTF_8)).endsWith("\0alerts\0" + SECRET);
        }
    }

    @Test
    void tlsFromTheFirstByteWorksToo() throws Exception {
        try (var server = SmtpServer.implicitTls(certificateFor("127.0.0.1"))) {
            assertThat(send(secured(server.port(), "tls", AUTHORITY), firing())).isEqualTo(new Delivery.Delivered());
            assertThat(server.mails.getLast().protectedByTls()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"starttls", "tls"})
    void nothingIsSentToAServerWithAnotherNameOrAuthority(String security) throws Exception {
        HeldCertificate other = new HeldCertificate.Builder().commonName("Another").certificateAuthority(0).build();
        var wrongName = certificateFor("mail.elsewhere.example");
        var rightName = certificateFor("127.0.0.1");
        try (var named = security.equals("tls") ? SmtpServer.implicitTls(wrongName) : SmtpServer.startTls(wrongName);
                var trusted = security.equals("tls") ? SmtpServer.implicitTls(rightName) : SmtpServer.startTls(rightName)) {
            Delivery name = send(secured(named.port(), security, AUTHORITY), firing());
            Delivery authority = send(secured(trusted.port(), security, other), firing());

            assertThat(name).isInstanceOf(Delivery.Retry.class);
            assertThat(authority).isInstanceOf(Delivery.Retry.class);
            assertThat(name.toString()).doesNotContain(SECRET);
            assertThat(named.mails).isEmpty();
            assertThat(named.commands).noneMatch(command -> command.startsWith("AUTH"));
            assertThat(trusted.commands).noneMatch(command -> command.startsWith("AUTH"));
        }
    }

    @Test
    void aServerWithoutStartTlsGetsNeitherPasswordNorMail() throws Exception {
        try (var server = SmtpServer.startTls(certificateFor("127.0.0.1")).answering("no starttls", "")) {
            assertThat(send(secured(server.port(), "starttls", AUTHORITY), firing())).isInstanceOfSatisfying(
                    Delivery.Broken.class, broken -> assertThat(broken.reason()).contains("no STARTTLS"));
            assertThat(server.commands).noneMatch(command -> command.startsWith("AUTH") || command.startsWith("MAIL"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "greeting,421 too busy,Retry", "greeting,554 not for you,Broken",
        "MAIL,451 try later,Retry", "MAIL,553 who are you,Broken", "MAIL,530 log in first,Broken",
        "RCPT,450 greylisted,Retry", "RCPT,550 no such user,Broken",
        "DATA,451 no disk,Retry", "DATA,554 no,Refused",
        "data,452 full,Retry", "data,552 too large,Refused", "data,554 looks like spam,Refused"
    })
    void repliesMeanWhatTheStandardSays(String command, String reply, String expected) throws Exception {
        try (var server = SmtpServer.plain().answering(command, reply)) {
            Delivery delivery = send(plain(server.port()), firing());

            assertThat(delivery.getClass().getSimpleName()).as(delivery.toString()).isEqualTo(expected);
            assertThat(delivery.toString()).contains("127.0.0.1:" + server.port(), reply.substring(0, 3));
            if (delivery instanceof Delivery.Retry retry) {
                assertThat(retry.mayHaveArrived()).as("the server said no").isFalse();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"535 5.7.8 wrong password,Broken", "454 4.7.0 try later,Retry"})
    void aLoginThatIsRefusedNeedsAPersonUnlessItIsForTheMoment(String reply, String expected) throws Exception {
        try (var server = SmtpServer.startTls(certificateFor("127.0.0.1")).answering("AUTH", reply)) {
            Delivery delivery = send(secured(server.port(), "starttls", AUTHORITY), firing());

            assertThat(delivery.getClass().getSimpleName()).as(delivery.toString()).isEqualTo(expected);
            assertThat(delivery.toString()).doesNotContain(SECRET).contains(reply.substring(0, 3));
        }
    }

    @Test
    void oneMistypedAddressKeepsTheMailFromNobodyElse() throws Exception {
        try (var server = SmtpServer.plain().answering("RCPT TO:<bob", "550 no such user")) {
            assertThat(send(plain(server.port()), firing())).isEqualTo(new Delivery.Delivered());
            assertThat(server.mails.getLast().to()).containsExactly("<ann@example.com>");
        }
    }

    @Test
    void aRecipientThatIsPutOffGetsItLaterAndTheOthersAreToldOfTheRepeat() throws Exception {
        try (var server = SmtpServer.plain().answering("RCPT TO:<bob", "450 greylisted")) {
            assertThat(send(plain(server.port()), firing())).isInstanceOfSatisfying(
                    Delivery.Retry.class, retry -> assertThat(retry.mayHaveArrived()).isTrue());
            assertThat(server.mails.getLast().to()).containsExactly("<ann@example.com>");
        }
    }

    @Test
    void aClosedPortIsTriedAgainAndSurelyDidNotArrive() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThat(send(plain(port), firing())).isInstanceOfSatisfying(
                Delivery.Retry.class, retry -> assertThat(retry.mayHaveArrived()).isFalse());
    }

    @ParameterizedTest
    @CsvSource({"greeting,false", "EHLO,false", "RCPT,false", "data,true"})
    void aHangEndsAtTheTimeOut(String command, boolean mayHaveArrived) throws Exception {
        try (var server = SmtpServer.plain().answering(command, SmtpServer.HANG)) {
            var config = plain(server.port());
            config.put("timeout", "400ms");
            assertThat(send(config, firing())).isInstanceOfSatisfying(
                    Delivery.Retry.class, retry -> assertThat(retry.mayHaveArrived()).isEqualTo(mayHaveArrived));
        }
    }

    @Test
    void anAnswerLostAfterTheTextMayHaveArrived() throws Exception {
        try (var server = SmtpServer.plain().answering("data", SmtpServer.HANG_UP)) {
            assertThat(send(plain(server.port()), firing())).isInstanceOfSatisfying(
                    Delivery.Retry.class, retry -> assertThat(retry.mayHaveArrived()).isTrue());
        }
    }

    @Test
    void anInterruptEndsAHang() throws Exception {
        try (var server = SmtpServer.plain().answering("MAIL", SmtpServer.HANG);
                Messenger channel = channel(plain(server.port()))) {
            var ended = new CompletableFuture<Throwable>();
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    channel.send(List.of(firing()));
                } catch (Throwable e) {
                    ended.complete(e);
                }
            });
            dev.gatewatch.kit.Waiting.await().until(() -> server.commands.stream().anyMatch(c -> c.startsWith("MAIL")));

            thread.interrupt();

            assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void textsOfAnySizeAndKindArriveWholeAndForgeNoHeader() throws Exception {
        AlertView alert = AlertSamples.with(
                AlertSamples.firing("a1", "支付网关", "x\r\nBcc: eve@example.com\r\n\r\n" + AlertSamples.huge()),
                Cause.CONTENT_MISMATCH,
                "x\r\nBcc: eve@example.com\r\n\r\n" + AlertSamples.huge(),
                "</span><script>alert(1)</script>\n.\n支付网关超时😀👩‍💻".repeat(2_000));
        try (var server = SmtpServer.plain()) {
            assertThat(send(plain(server.port()), AlertSamples.notice(1, alert))).isEqualTo(new Delivery.Delivered());

            MimeMessage mail = parsed(server);
            assertThat(mail.getHeader("Bcc")).isNull();
            assertThat(mail.getSubject()).startsWith("CRITICAL 支付网关@eu").hasSizeLessThanOrEqualTo(200).doesNotContain("\n", "\r");
            assertThat(part(mail, 1)).doesNotContain("<script>").contains("&lt;script&gt;", "支付网关超时😀👩‍💻");
            assertThat(part(mail, 0)).contains("支付网关超时😀").doesNotContain("\u001b", "\u0000");
            assertThat(server.mails.getLast().data()).hasSizeLessThan(100_000);
        }
    }

    @Test
    void everyAlertOfAGroupIsNamedInOneMail() throws Exception {
        List<Notice> notices = IntStream.range(0, 300)
                .mapToObj(i -> AlertSamples.notice(i, AlertSamples.firing("a" + i, "shop-checkout-" + i, "got 503")))
                .toList();
        try (var server = SmtpServer.plain();
                Messenger channel = channel(plain(server.port()))) {
            assertThat(channel.mixesGroups()).isFalse();
            assertThat(channel.fitting(notices)).isEqualTo(300);
            assertThat(channel.send(notices)).isEqualTo(new Delivery.Delivered());

            MimeMessage mail = parsed(server);
            assertThat(mail.getSubject()).contains("300");
            String text = part(mail, 0);
            String html = part(mail, 1);
            notices.forEach(n -> assertThat(text).contains(n.alert().series().probe()));
            notices.forEach(n -> assertThat(html).contains(n.alert().series().probe()));
        }
    }

    @Test
    void textsAreInTheChannelsLanguage() throws Exception {
        var chinese = new Wording(Language.ZH, ZoneId.of("Asia/Shanghai"));
        try (var server = SmtpServer.plain();
                Messenger channel = channel(plain(server.port()), chinese)) {
            channel.send(List.of(firing()));

            MimeMessage mail = parsed(server);
            assertThat(mail.getSubject()).contains("严重");
            assertThat(part(mail, 0)).contains("返回的 HTTP 状态码不在预期范围内", "11:12:05 UTC+8").doesNotContain("Seen from", "Do first");
            assertThat(part(mail, 1)).contains("<html lang=\"zh");
        }
    }

    @Test
    void mistakesAreToldWithoutThePassword() {
        var config = plain(25);
        config.put("username", "alerts");
        config.put("password", SECRET);
        assertThat(problems(config)).singleElement().asString().contains("sent in clear").doesNotContain(SECRET);
        config.remove("password");
        assertThat(problems(config)).singleElement().asString().contains("username and password go together");
        config.remove("username");
        config.put("to", "ann at example.com");
        assertThat(problems(config)).singleElement().asString().contains("expected a mail address");
    }
}
