package dev.gatewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.config.ConfigFiles.Loaded;
import dev.gatewatch.config.Node.Fields;
import dev.gatewatch.config.Node.Items;
import dev.gatewatch.config.Node.Scalar;
import dev.gatewatch.config.Node.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFilesTest {
    @TempDir
    Path folder;

    private final Problems problems = new Problems();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void everyNodeKnowsItsPlaceAndPath() throws IOException {
        Fields root = root(write("f.yml", "a: 1\nb:\n  - c: {d: x}\n    e: [1, 2]\n"));

        Fields item = (Fields) items(root, "b").items().getFirst();
        Scalar d = (Scalar) ((Fields) item.fields().get("c")).fields().get("d");
        assertThat(place(d)).isEqualTo("f.yml:3:12");
        assertThat(d.path()).isEqualTo("b[0].c.d");
        Node second = ((Items) item.fields().get("e")).items().get(1);
        assertThat(place(second)).isEqualTo("f.yml:4:12");
        assertThat(second.path()).isEqualTo("b[0].e[1]");
        assertThat(item.keyPlace("e").line()).isEqualTo(4);
        assertThat(item.keyPlace("e").column()).isEqualTo(5);
    }

    @Test
    void scalarsAreOfTheCoreSchemasTypesUnlessQuoted() throws IOException {
        Fields root = root(
                write(
                        "f.yml",
                        "a: 1\nb: 1.5\nc: true\nd: yes\ne: null\nf:\ng: \"1\"\nh: ~\ni: 0x1F\nj: !!str 5\nk: 12:30\nl: 2026-01-01\nm: ''\n"));

        assertThat(root.fields().values().stream().map(n -> ((Scalar) n).tag()))
                .containsExactly(
                        Tag.INTEGER,
                        Tag.DECIMAL,
                        Tag.BOOLEAN,
                        Tag.TEXT,
                        Tag.NULL,
                        Tag.NULL,
                        Tag.TEXT,
                        Tag.NULL,
                        Tag.INTEGER,
                        Tag.TEXT,
                        Tag.TEXT,
                        Tag.TEXT,
                        Tag.TEXT);
    }

    @Test
    void aliasesStandForTheirAnchorUnderTheirOwnPath() throws IOException {
        Fields root = root(write("f.yml", "a: &t {x: 1, y: {z: 2}}\nb: *t\n"));

        Fields b = (Fields) root.fields().get("b");
        assertThat(((Fields) b.fields().get("y")).fields().get("z").path()).isEqualTo("b.y.z");
        assertThat(place(b.fields().get("x"))).isEqualTo("f.yml:1:11");
    }

    @Test
    void mergeKeysFillInWhatIsNotWritten() throws IOException {
        Fields root = root(write("f.yml", "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\n"));

        Fields c = (Fields) root.fields().get("c");
        assertThat(c.fields().entrySet().stream().map(e -> e.getKey() + "=" + text(e.getValue())))
                .containsExactly("x=3", "y=1", "z=2");
        assertThat(c.fields().get("z").path()).isEqualTo("c.z");
    }

    @Test
    void aFoldersFilesAreMergedInTheOrderOfTheirNames() throws IOException {
        write("20-more.yaml", "probes: [c]\nrules: [r]\n");
        write("10-first.yml", "probes: [a, b]\nserver: {x: 1}\n");
        write(".hidden.yml", "nonsense: [\n");
        write("readme.txt", "not: read: at all\n");

        Loaded loaded = load(folder);

        Fields root = loaded.root().orElseThrow();
        assertThat(items(root, "probes").items().stream().map(ConfigFilesTest::text)).containsExactly("a", "b", "c");
        assertThat(root.fields()).containsOnlyKeys("probes", "server", "rules");
        assertThat(loaded.files()).containsExactly(folder + "/10-first.yml", folder + "/20-more.yaml");
        assertThat(loaded.baseDirectory()).isEqualTo(folder);
        assertThat(lines()).isEmpty();
    }

    @Test
    void severalFilesAreMergedAsGivenAndAFileGivenTwiceIsReadOnce() throws IOException {
        Path a = write("a.yml", "probes: [a]\n");
        Path b = write("b.yml", "probes: [b]\n");

        Fields root = load(b, a, folder.resolve("../" + folder.getFileName() + "/b.yml")).root().orElseThrow();

        assertThat(items(root, "probes").items().stream().map(ConfigFilesTest::text)).containsExactly("b", "a");
    }

    @Test
    void aSectionStandsInOneFileOnly() throws IOException {
        write("a.yml", "\nserver: {x: 1}\nprobes: [a]\n");
        write("b.yml", "server: {x: 1}\nprobes: {not: a list}\n");

        load(folder);

        assertThat(lines())
                .containsExactly(
                        "b.yml:1:1: server: \"server\" stands in two files; the other is a.yml:2:1",
                        "b.yml:2:1: probes: \"probes\" stands in two files; the other is a.yml:3:1");
    }

    @Test
    void anEmptyFileBesideOthersIsWorthAWarning() throws IOException {
        write("a.yml", "server: {}\n");
        write("b.yml", "# switched off\n");

        assertThat(load(folder).root()).isPresent();
        assertThat(lines()).containsExactly("b.yml: warning: the file is empty");
    }

    @Test
    void mistakesInAllFilesAreToldAtOnce() throws IOException {
        write("a.yml", "server: [\n");
        write("b.yml", "probes: {\n");

        assertThat(load(folder).root()).isEmpty();
        assertThat(lines())
                .containsExactly(
                        "a.yml:2:1: the file ends where more is expected; look for an unclosed \"{\" or \"[\" before",
                        "b.yml:2:1: the file ends where more is expected; look for an unclosed \"{\" or \"[\" before");
    }

    @Test
    void whatIsNotThereIsAProblem() throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        Path circle = Files.createSymbolicLink(folder.resolve("circle.yml"), folder.resolve("circle.yml"));

        assertThat(load(folder.resolve("none.yml"), folder.resolve("empty"), folder.resolve("none/f.yml"), circle).root())
                .isEmpty();
        assertThat(lines())
                .containsExactly(
                        "circle.yml: cannot be read: Too many levels of symbolic links or unable to access attributes of symbolic link",
                        "empty: no *.yml or *.yaml file in this folder",
                        "none.yml: no such file",
                        "none/f.yml: no such file");
    }

    @Test
    @Timeout(5)
    void aTooLargeFileIsRefusedWithoutReadingIt() throws IOException {
        Path file = folder.resolve("f.yml");
        try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }

        load(file);

        assertThat(lines())
                .containsExactly("f.yml: the configuration is too large: all files together may have 8MB");
    }

    @Test
    @Timeout(20)
    void filesAreTooLargeInSum() throws IOException {
        String comment = "# " + "x".repeat(1 << 20) + "\n";
        for (int i = 1; i <= 9; i++) {
            write("f" + i + ".yml", comment + "k" + i + ": 1\n");
        }

        load(folder);

        assertThat(lines())
                .containsExactly(
                        "f8.yml: the configuration is too large: all files together may have 8MB",
                        "f9.yml: the configuration is too large: all files together may have 8MB");
    }

    @Test
    @Timeout(20)
    void eightMegabytesOfTinyValuesEndInAClearMessage() throws IOException {
        load(write("f.yml", "a: [" + "1,".repeat(4_000_000) + "1]\n"));

        assertThat(lines()).hasSize(1);
        assertThat(lines().getFirst()).endsWith("too many values: a configuration may hold about 250000");
    }

    @Test
    void textThatIsNotUtf8IsToldWithItsPlace() throws IOException {
        Path latin = folder.resolve("latin.yml");
        Files.write(latin, "a: 1\nb: Zürich\n".getBytes(StandardCharsets.ISO_8859_1));
        Path wide = folder.resolve("wide.yml");
        Files.write(wide, "\uFEFFa: 1\n".getBytes(StandardCharsets.UTF_16LE));
        Path cut = folder.resolve("cut.yml");
        Files.write(cut, new byte[] {'a', ':', ' ', (byte) 0xc3});

        load(latin, wide, cut);

        assertThat(lines())
                .containsExactly(
                        "cut.yml:1:4: not UTF-8 text (byte 3 is 0xc3); save the file as UTF-8",
                        "latin.yml:2:5: not UTF-8 text (byte 9 is 0xfc); save the file as UTF-8",
                        "wide.yml: the file is UTF-16; save it as UTF-8");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() throws IOException {
        assertThat(root(write("f.yml", "\uFEFFa: 1\n")).fields()).containsOnlyKeys("a");
    }

    @Test
    void referencesAreReplacedAndTheirValuesNeverShown() throws IOException {
        write("secrets/slack", "https://hooks.example/T/1\n");
        environment.put("PORT", "8080");
        environment.put("EMPTY", "");

        Fields root = root(
                write(
                        "f.yml",
                        """
                        url: "${file:secrets/slack}"
                        address: "127.0.0.1:${env:PORT}"
                        port: ${env:PORT}
                        quoted: "${env:PORT}"
                        fallback: ${env:EMPTY:-5s}
                        nothing: "${env:NONE:-}"
                        plain: "$${env:PORT} costs $5"
                        group: "${1}-$${2}-${env:PORT}"
                        """));

        assertThat(root.fields().values().stream().map(ConfigFilesTest::text))
                .containsExactly("https://hooks.example/T/1", "127.0.0.1:8080", "8080", "8080", "5s", "", "${env:PORT} costs $5", "${1}-${2}-8080");
        assertThat(root.fields().values().stream().map(n -> ((Scalar) n).shown()))
                .containsExactly(
                        "<secret>", "<secret>", "<secret>", "<secret>", "<secret>", "<secret>", "\"${env:PORT} costs $5\"", "<secret>");
        assertThat(((Scalar) root.fields().get("port")).tag()).isEqualTo(Tag.INTEGER);
        assertThat(((Scalar) root.fields().get("quoted")).tag()).isEqualTo(Tag.TEXT);
    }

    @Test
    void referencesThatLeadNowhereAreAllTold() throws IOException {
        write("empty", "\n");
        write("large", "x".repeat(65_537));
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0});
        environment.put("EMPTY", "");

        load(write(
                "f.yml",
                """
                a: "${env:HOOK_URL}"
                b: "${evn:HOOK_URL}"
                c: "${HOOK_URL}"
                d: "${file:none}"
                e: "${file:empty}"
                f: "${file:large}"
                g: "${file:binary}"
                h: "${env:EMPTY}"
                i: "${env:NOT A NAME}"
                j: "${env:HOOK_URL"
                k: "${vault:kv/slack}"
                l: "${}"
                m: "${env:ONE} and ${env:TWO}"
                """));

        assertThat(lines())
                .containsExactly(
                        "f.yml:1:4: a: environment variable HOOK_URL is not set",
                        "f.yml:2:4: b: \"${evn:…}\" is no reference; did you mean \"${env:HOOK_URL}\"?",
                        "f.yml:3:4: c: \"${HOOK_URL}\" is no reference; write ${env:HOOK_URL} for an environment variable, or $${ for a plain \"${\"",
                        "f.yml:4:4: d: no such file: none",
                        "f.yml:5:4: e: empty file: empty",
                        "f.yml:6:4: f: larger than 64kB: large",
                        "f.yml:7:4: g: not UTF-8 text: binary",
                        "f.yml:8:4: h: environment variable EMPTY is empty",
                        "f.yml:9:4: i: \"NOT A NAME\" is no name of an environment variable",
                        "f.yml:10:4: j: \"${\" without its \"}\"; write $${ for a plain \"${\"",
                        "f.yml:11:4: k: \"${vault:…}\" is no reference; known are ${env:NAME}, ${env:NAME:-default} and ${file:PATH}; write $${ for a plain \"${\"",
                        "f.yml:12:4: l: \"${}\" is no reference; known are ${env:NAME}, ${env:NAME:-default} and ${file:PATH}; write $${ for a plain \"${\"",
                        "f.yml:13:4: m: environment variable ONE is not set",
                        "f.yml:13:4: m: environment variable TWO is not set");
    }

    @Test
    void aReaderDoesNotComplainAgainOfAReferenceThatLeadsNowhere() throws IOException {
        Fields root = root(write("f.yml", "a: \"${env:INTERVAL}\"\nb: x\n"));
        var type = SectionType.of(
                "test",
                List.of(
                        Key.required("a", Types.duration(Duration.ofSeconds(1), Duration.ofDays(1)), "An interval."),
                        Key.required("b", Types.bool(), "A switch.")),
                section -> section);

        assertThat(type.read(root, new Reading(problems, folder))).isEmpty();

        assertThat(lines())
                .containsExactly(
                        "f.yml:1:4: a: environment variable INTERVAL is not set",
                        "f.yml:2:4: b: expected true or false, found \"x\"");
    }

    @Test
    void theSourcesNoticeEveryChangeThatMatters() throws IOException {
        write("conf/a.yml", "a: ${file:secret}\nb: cert\n");
        write("conf/secret", "s1");
        write("conf/cert", "c1");
        Path conf = folder.resolve("conf");
        var story = new ArrayList<String>();

        Sources sources = sources(conf);
        story.add("nothing: " + sources.changed());
        write("conf/notes.txt", "not read");
        story.add("another file: " + sources.changed());
        write("conf/secret", "s2");
        story.add("secret: " + sources.changed());
        sources = sources(conf);
        write("conf/cert", "c2");
        story.add("certificate: " + sources.changed());
        sources = sources(conf);
        write("conf/b.yml", "c: 1\n");
        story.add("new file: " + sources.changed());
        sources = sources(conf);
        Files.delete(conf.resolve("cert"));
        story.add("deleted: " + sources.changed());
        sources = sources(conf);
        write("conf/cert", "c3");
        story.add("came back: " + sources.changed());

        assertThat(story)
                .containsExactly(
                        "nothing: false",
                        "another file: false",
                        "secret: true",
                        "certificate: true",
                        "new file: true",
                        "deleted: true",
                        "came back: true");
    }

    private Sources sources(Path conf) {
        Loaded loaded = load(conf);
        var reading = new Reading(problems, loaded.baseDirectory(), loaded.sources());
        loaded.root().ifPresent(root -> Types.readableFile().read(root.fields().get("b"), reading));
        return loaded.sources();
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Loaded load(Path... paths) {
        return ConfigFiles.read(List.of(paths), Set.of("probes", "rules"), environment, problems);
    }

    private Fields root(Path path) {
        return load(path).root().orElseThrow(() -> new AssertionError(lines()));
    }

    private List<String> lines() {
        return problems.list().stream()
                .map(p -> p.toString().replace(folder + "/", ""))
                .toList();
    }

    private String place(Node node) {
        return node.place().toString().replace(folder + "/", "");
    }

    private static Items items(Fields root, String key) {
        return (Items) root.fields().get(key);
    }

    private static String text(Node node) {
        return ((Scalar) node).text();
    }
}
