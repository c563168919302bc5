package dev.gatewatch.probes.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.Secret;
import dev.gatewatch.kit.Components;
import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.kit.ProbeContractTest;
import dev.gatewatch.kit.Runs;
import dev.gatewatch.kit.Sections;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Memory;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Probe;
import dev.gatewatch.probe.ProbeType;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.revocation.Answers;
import dev.gatewatch.probes.revocation.Pki;
import dev.gatewatch.probes.revocation.Pki.Held;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates that lie in files, folders and key stores; the stores are made by keytool and OpenSSL. */
class StoredCertificatesTest extends ProbeContractTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Held ROOT = Pki.root("Root");
    private static final Held LEAF = Pki.maker("Pay").named("pay.example").signedBy(ROOT);
    private static final Held EXPIRED =
            Pki.maker("Old").valid(Duration.ofDays(90), Duration.ofDays(-3)).signedBy(ROOT);
    private static final String PASSWORD = "right-one-Tz81";

    /** keytool takes its time. */
    @TempDir
    private static Path stores;

    @TempDir
    private Path folder;

    @Override
    protected ProbeType type() {
        return new CertificateProbeType();
    }

    @Override
    protected Map<String, Object> passing() throws IOException {
        return Map.of("files", write("pay.pem", LEAF.pem()));
    }

    @Override
    protected Map<String, Object> failing() throws IOException {
        return Map.of("files", write("old.pem", EXPIRED.pem()));
    }

    @Override
    protected Map<String, Object> unreachable() {
        return Map.of("files", folder.resolve("none.pem").toString());
    }

    @Override
    protected Optional<Map<String, Object>> silent() {
        return Optional.empty();
    }

    @Override
    protected Optional<Map<String, Object>> withSecret(Secret secret) throws Exception {
        return Optional.of(keystore(store("pkcs12", PASSWORD), new Secret(secret.reveal() + "-wrong")));
    }

    private String write(String name, String... texts) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("", texts)).toString();
    }

    private Report run(Map<String, Object> config) throws Exception {
        return run(config, AMPLE);
    }

    private static Map<String, Object> keystore(Path store, Secret password) {
        return Map.of("keystore", Map.of("file", store.toString(), "password", password));
    }

    private void make(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("log")))
                .isZero();
    }

    /** A key store with three entries. */
    private Path store(String type, String password) throws IOException, InterruptedException {
        Path store = stores.resolve("three." + type);
        if (Files.exists(store)) {
            return store;
        }
        if (type.equals("jks")) {
            keytool(
                    "-importkeystore", "-srckeystore", store("pkcs12", password).toString(), "-srcstorepass", password,
                    "-destkeystore", store.toString(), "-deststoretype", "jks", "-deststorepass", password);
            return store;
        }
        for (String alias : List.of("shop", "api")) {
            keytool(
                    "-genkeypair", "-keystore", store.toString(), "-storetype", type, "-storepass", password, "-alias",
                    alias, "-keyalg", "EC", "-dname", "CN=" + alias, "-validity", "200");
        }
        keytool(
                "-importcert", "-noprompt", "-keystore", store.toString(), "-storepass", password, "-alias", "old",
                "-file", write("old.pem", EXPIRED.pem()));
        return store;
    }

    private void keytool(String... words) throws IOException, InterruptedException {
        var all = new ArrayList<String>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        all.add("-J-XX:TieredStopAtLevel=1");
        all.addAll(List.of(words));
        make(all.toArray(String[]::new));
    }

    // key stores: acceptance case 54

    @ParameterizedTest
    @ValueSource(strings = {"pkcs12", "jks"})
    void everyEntryOfAKeyStoreIsASeriesOfItsOwn(String type) throws Exception {
        Report report = run(keystore(store(type, PASSWORD), new Secret(PASSWORD)));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CERT_EXPIRED);
        assertThat(report.message()).isEqualTo("old: the certificate expired 3 days ago ("
                + minute(EXPIRED.certificate().getNotAfter().toInstant()) + ")");
        assertThat(report.facts().keySet().stream().filter(f -> f.startsWith("expiry.")))
                .containsExactly("expiry.api", "expiry.old", "expiry.shop");
        assertThat(report.facts())
                .containsEntry("cert_count", Fact.of(3))
                .containsEntry("days_left.old", Fact.of(-3))
                .containsEntry(
                        "cert_expiry",
                        Fact.of((double) EXPIRED.certificate().getNotAfter().toInstant().getEpochSecond()));
    }

    private static String minute(Instant at) {
        return java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'")
                .withZone(java.time.ZoneOffset.UTC)
                .format(at);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkcs12", "jks"})
    void aWrongPasswordIsNamedAndNotShown(String type) throws Exception {
        Path store = store(type, PASSWORD);

        Report wrong = run(keystore(store, new Secret("wrong-" + PASSWORD)));
        Report none = run(Map.of("keystore", Map.of("file", store.toString())));

        assertThat(wrong.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(wrong.cause()).contains(Cause.KEYSTORE_UNREADABLE);
        assertThat(wrong.message()).isEqualTo("the password of the key store " + store + " is wrong");
        assertThat(wrong.toString()).doesNotContain("wrong-" + PASSWORD);
        // a JKS shows its certificates to everybody
        assertThat(none.cause())
                .contains(type.equals("jks") ? Cause.CERT_EXPIRED : Cause.KEYSTORE_UNREADABLE);
    }

    @Test
    void aStoreOfOpenSslsIsReadThoughItsCertificatesBearNoMark() throws Exception {
        Path store = folder.resolve("trust.p12");
        make(
                Components.require("openssl").toString(), "pkcs12", "-export", "-nokeys", "-in",
                write("pay.pem", LEAF.pem()), "-out", store.toString(), "-passout", "pass:" + PASSWORD, "-name", "pay");

        Report report = run(keystore(store, new Secret(PASSWORD)));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts()).containsEntry("cert_count", Fact.of(1));
    }

    @Test
    void whatIsNoKeyStoreIsSaidSo() throws Exception {
        String text = write("text.p12", "hello");

        Report garbage = run(Map.of("keystore", Map.of("file", text)));
        Report missing = run(Map.of("keystore", Map.of("file", text + ".gone")));

        assertThat(garbage.cause()).contains(Cause.KEYSTORE_UNREADABLE);
        assertThat(garbage.message()).isEqualTo(text + " is no key store of type pkcs12, or damaged");
        assertThat(missing.cause()).contains(Cause.KEYSTORE_UNREADABLE);
        assertThat(missing.message()).isEqualTo("there is no key store " + text + ".gone");
    }

    // files

    @Test
    void pathsFoldersAndGlobsAreReadAndNamedByWhatTellsThemApart() throws Exception {
        write("live/a/cert.pem", LEAF.pem(), ROOT.pem());
        write("live/b/cert.pem", Pki.maker("B").signedBy(ROOT).pem());
        write("live/b/privkey.pem", LEAF.keyPem());
        Files.write(folder.resolve("single.der"), LEAF.certificate().getEncoded());
        write("dir/one.crt", Pki.maker("One").signedBy(ROOT).pem());
        write("dir/README", "nothing to see");
        Files.createSymbolicLink(folder.resolve("dir/again.crt"), folder.resolve("dir/one.crt"));

        Report report = run(Map.of(
                "files",
                List.of(
                        folder + "/live/*/cert.pem",
                        folder.resolve("single.der").toString(),
                        folder.resolve("dir").toString())));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.PASS);
        assertThat(report.facts().keySet().stream().filter(f -> f.startsWith("expiry.")))
                .containsExactly(
                        "expiry.a/cert.pem",
                        "expiry.a/cert.pem#2",
                        "expiry.b/cert.pem",
                        "expiry.single.der",
                        "expiry.again.crt");
    }

    @Test
    void filesAreReadAnewInEachRun() throws Exception {
        String file = write("pay.pem", EXPIRED.pem());
        try (Probe probe = Sections.probe(type(), Map.of("files", folder + "/*.pem"))) {
            assertThat(Runs.once(probe, AMPLE).cause()).contains(Cause.CERT_EXPIRED);
            Files.writeString(Path.of(file), LEAF.pem());
            assertThat(Runs.once(probe, AMPLE).outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void whatIsMissingOrDamagedIsNotPassedOver() throws Exception {
        String damaged = write("bad.pem", LEAF.pem().replaceFirst("\n.{30}", "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        String text = write("text.pem", "hello");

        assertUnreadable(run(Map.of("files", damaged)), "certificate 1 in " + damaged + " is damaged");
        assertUnreadable(run(Map.of("files", text)), "there is no certificate in " + text);
        assertUnreadable(run(Map.of("files", folder + "/*.crt")), "no file matches " + folder + "/*.crt");
        assertUnreadable(run(Map.of("files", folder + "/none.pem")), "there is no " + folder + "/none.pem");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertUnreadable(run(Map.of("files", empty.toString())), "there is no certificate in " + empty);
    }

    private static void assertUnreadable(Report report, String message) {
        assertThat(report.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(report.cause()).contains(Cause.KEYSTORE_UNREADABLE);
        assertThat(report.message()).isEqualTo(message);
    }

    @Test
    void trustNameAndStrengthAreJudgedWhereAskedFor() throws Exception {
        Held intermediate = Pki.maker("Issuing").authority().signedBy(ROOT);
        Held own = Pki.maker("Own").named("pay.example").signedBy(intermediate);
        String chain = write("chain.pem", own.pem(), intermediate.pem());
        String root = write("root.pem", ROOT.pem());
        String stranger = write("stranger.pem", Pki.root("Stranger").pem());
        String self = write("self.pem", selfSigned().pem());

        assertThat(run(Map.of("files", chain)).outcome()).isEqualTo(Outcome.PASS);
        assertThat(run(Map.of("files", chain, "trust", root, "server_name", "pay.example")).outcome())
                .isEqualTo(Outcome.PASS);
        assertThat(run(Map.of("files", chain, "trust", stranger)).cause()).contains(Cause.CERT_UNTRUSTED);
        assertThat(run(Map.of("files", chain, "trust", "system")).cause()).contains(Cause.CERT_UNTRUSTED);
        assertThat(run(Map.of("files", self, "trust", root)).cause()).contains(Cause.CERT_SELF_SIGNED);
        assertThat(run(Map.of("files", chain, "server_name", "shop.example")).cause()).contains(Cause.CERT_HOSTNAME);
        assertThat(run(Map.of("files", chain, "min_ec_bits", 384)).cause()).contains(Cause.CERT_WEAK);
        assertThat(run(Map.of("files", chain, "weak_signatures", "sha256")).cause()).contains(Cause.CERT_WEAK);
        String early = write("early.pem", Pki.maker("E").valid(Duration.ofDays(-2), Duration.ofDays(90)).signedBy(ROOT).pem());
        assertThat(run(Map.of("files", early)).cause()).contains(Cause.CERT_NOT_YET_VALID);
    }

    private static Held selfSigned() {
        return Pki.maker("self").named("pay.example").selfSigned();
    }

    @Test
    void aStoredCertificateThatWasRevokedIsFound() throws Exception {
        Path list = Files.write(
                folder.resolve("root.crl"),
                Answers.list(ROOT, LEAF.certificate().getSerialNumber().longValueExact()));
        var revocation = Map.of("ocsp", "off", "crl", "hard", "crl_files", list.toString());

        Report report = run(Map.of("files", write("pay.pem", LEAF.pem(), ROOT.pem()), "revocation", revocation));
        Report alone = run(Map.of("files", write("alone.pem", LEAF.pem()), "revocation", revocation));

        assertThat(report.cause()).as(report.toString()).contains(Cause.CERT_REVOKED);
        assertThat(report.message()).startsWith("pay.pem: the certificate is revoked since 2026-01-02");
        assertThat(report.facts()).containsEntry("revocation.pay.pem", Fact.of(1));
        assertThat(alone.cause()).contains(Cause.OCSP_UNAVAILABLE);
        assertThat(alone.message()).contains("its issuer's certificate is not at hand");
    }

    @Test
    void aChangedEntryIsToldOnce() throws Exception {
        String file = write("pay.pem", LEAF.pem());
        var memory = Memory.fresh();
        var outcomes = new ArrayList<Outcome>();
        try (Probe probe = Sections.probe(type(), Map.of("files", file, "watch_changes", "fingerprint"))) {
            for (Held held : List.of(LEAF, selfSigned(), ROOT, ROOT)) {
                Files.writeString(Path.of(file), held.pem());
                Report report = probe.run(Runs.run(AMPLE, new FakeClock(Instant.now()), memory));
                outcomes.add(report.outcome());
                if (report.outcome() != Outcome.PASS) {
                    assertThat(report.cause()).contains(Cause.CERT_CHANGED);
                    assertThat(report.message()).startsWith("pay.pem: the certificate is of another issuer");
                }
            }
        }
        assertThat(outcomes).containsExactly(Outcome.PASS, Outcome.DEGRADED, Outcome.DEGRADED, Outcome.PASS);
    }

    // private keys

    @ParameterizedTest
    @CsvSource({
        "rw-------, false, PASS",
        "r--------, false, PASS",
        "rw-r-----, false, DEGRADED",
        "rw-r-----, true, PASS",
        "rw-r--r--, true, FAIL",
        "rw-----w-, false, FAIL",
        "rw-rw-rw-, false, FAIL"
    })
    void aKeyThatOthersMayReadIsExposed(String mode, boolean groupMay, Outcome outcome) throws Exception {
        String key = write("pay.key", LEAF.keyPem());
        Files.setPosixFilePermissions(Path.of(key), PosixFilePermissions.fromString(mode));

        Report report = run(Map.of("key_files", folder + "/*.key", "key_group_may_read", groupMay));

        assertThat(report.outcome()).as(report.toString()).isEqualTo(outcome);
        if (outcome != Outcome.PASS) {
            assertThat(report.cause()).contains(Cause.KEY_EXPOSED);
            assertThat(report.message()).contains("the private key " + key + " is open to ").contains("mode " + mode);
        }
    }

    @Test
    void aKeyBesideItsCertificateInOneFileIsWatchedTooAndASealedOneMayLieAbout() throws Exception {
        Path both = Path.of(write("both.pem", LEAF.pem(), LEAF.keyPem()));
        Files.setPosixFilePermissions(both, PosixFilePermissions.fromString("rw-r--r--"));
        Path sealed = folder.resolve("sealed.key");
        make(
                Components.require("openssl").toString(), "pkcs8", "-topk8", "-in", write("open.key", LEAF.keyPem()),
                "-out", sealed.toString(), "-passout", "pass:" + PASSWORD);
        Files.setPosixFilePermissions(sealed, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(run(Map.of("files", both.toString())).cause()).contains(Cause.KEY_EXPOSED);
        assertThat(run(Map.of("key_files", sealed.toString())).outcome()).isEqualTo(Outcome.PASS);
        assertThat(run(Map.of("key_files", folder + "/none.key")).cause()).contains(Cause.KEYSTORE_UNREADABLE);
    }

    // permissions of our own

    /** For the test below: a run in a process of its own, which prints what it reports. */
    static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] files) throws Exception {
            try (Probe probe = Sections.probe(new CertificateProbeType(), Map.of("files", List.of(files)))) {
                Report report = Runs.once(probe, AMPLE);
                System.out.println(report.outcome() + " " + report.cause().orElseThrow().code() + ": " + report.message());
            }
        }
    }

    @Test
    void aFileThatWeMayNotReadIsOurOwnSidesFault() throws Exception {
        Path closed = Path.of(write("closed.pem", LEAF.pem()));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        var words = new ArrayList<String>();
        if (Files.isReadable(closed)) { // root reads everything, unless it gives that up
            words.addAll(List.of(
                    Components.require("setpriv").toString(), "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"));
        }
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), OtherProcess.class.getName(), closed.toString()));

        make(words.toArray(String[]::new));

        assertThat(Files.readString(folder.resolve("log")))
                .contains("BROKEN " + Cause.NO_PERMISSION.code() + ": this process may not read " + closed);
    }

    // hostile files

    @Test
    void aCertificateWithTenThousandNamesIsRead() throws Exception {
        var maker = Pki.maker("Many");
        for (int i = 0; i < 10_000; i++) {
            maker.named("host-" + i + ".example");
        }
        Report report = run(Map.of("files", write("many.pem", maker.signedBy(ROOT).pem()), "server_name", "pay.example"));

        assertThat(report.cause()).contains(Cause.CERT_HOSTNAME);
        assertThat(report.message()).contains("and 9995 more").hasSizeLessThan(400);
    }

    @Test
    void hugeFilesAndPipesAreNotRead() throws Exception {
        Path huge = folder.resolve("huge.pem");
        try (var file = new java.io.RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(1L << 32);
        }
        make("mkfifo", folder.resolve("pipe.pem").toString());

        assertUnreadable(run(Map.of("files", huge.toString())), huge + " is larger than 8 MB: no file of certificates");
        assertUnreadable(
                run(Map.of("files", folder + "/pipe.pem")), folder + "/pipe.pem is neither a file nor a folder");
    }

    // configuration

    @Test
    void sourcesThatDoNotGoTogetherAreToldWhenTheConfigurationIsRead() {
        var both = new HashMap<String, Object>(Map.of("target", "pay.example", "files", "/etc/pki"));

        assertThat(Sections.problems(type(), both))
                .containsExactly("files: target and files do not go together; make a probe for each");
        assertThat(Sections.problems(type(), Map.of()))
                .containsExactly(
                        "nothing to look at: give target (a server), files, keystore, or key_files to watch only those");
        assertThat(Sections.problems(type(), Map.of("files", "/etc/pki", "min_version", "TLS13")))
                .containsExactly("min_version: min_version makes sense only with target; nobody is spoken to here");
        assertThat(Sections.problems(type(), Map.of("files", "/etc/[")))
                .singleElement()
                .asString()
                .startsWith("files: not a glob: ");
        assertThat(Sections.problems(type(), Map.of("key_files", "/etc/*.key", "trust", "system")))
                .containsExactly("trust: trust makes no sense with key_files alone; give target, files or keystore too");
        assertThat(Sections.problems(
                        type(), Map.of("target", "pay.example", "revocation", Map.of("ocsp", "off", "must_staple", true))))
                .singleElement()
                .asString()
                .contains("must_staple needs OCSP");
        assertThat(Sections.problems(
                        type(), Map.of("target", "pay.example", "revocation", Map.of("ocsp_url", "http://u:p@ca.example"))))
                .singleElement()
                .asString()
                .contains("user name and password do not belong");
    }
}
