package dev.gatewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user sees for each mistake that is made before a single key is understood. */
final class YamlMistakesTest {
    @TempDir
    Path folder;

    /** A file's text and the exact lines that its author sees. */
    record Mistake(String name, String yaml, List<String> lines) {
        static Mistake of(String name, String yaml, String... lines) {
            return new Mistake(name, yaml, List.of(lines));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Mistake> mistakes() {
        return List.of(
                Mistake.of("empty file", "", "f.yml: the file is empty"),
                Mistake.of("only a comment", "# nothing\n", "f.yml: the file is empty"),
                Mistake.of("only a document mark", "---\n", "f.yml: the file is empty"),
                Mistake.of("a list at the top", "- a\n", "f.yml:1:1: expected keys such as \"probes:\", found a list"),
                Mistake.of("text at the top", "hello\n", "f.yml:1:1: expected keys such as \"probes:\", found text"),
                Mistake.of("two documents", "a: 1\n---\nb: 2\n", "f.yml:2:1: a second document begins here; a file holds one; remove the \"---\", or split the file"),
                Mistake.of("another YAML", "%YAML 9.1\n---\na: 1\n", "f.yml: the file says that it is YAML 9.1, and only YAML 1 can be read; remove the line %YAML 9.1"),
                Mistake.of("tab", "a:\n\tb: 1\n", "f.yml:2:1: a tab; YAML is indented with spaces; replace it by spaces"),
                Mistake.of("tab in a list", "a:\n  - b: 1\n\t  c: 2\n", "f.yml:3:1: a tab; YAML is indented with spaces; replace it by spaces"),
                Mistake.of("colon in a value", "a: b: c\n", "f.yml:1:5: a \":\" that makes no sense here; put quotes around a value that holds \": \", or check the indentation"),
                Mistake.of("no colon", "a: 1\nb\nc: 2\n", "f.yml:2:1: this line is neither \"key: value\" nor an item of a list; a \":\" or a closing quote may be missing"),
                Mistake.of("wrong indentation", "a:\n  b: 1\n c: 2\n", "f.yml:3:2: this does not fit the lines above; check the indentation"),
                Mistake.of("indented too far", "a:\n  b: 1\n    c: 2\n", "f.yml:3:6: a \":\" that makes no sense here; put quotes around a value that holds \": \", or check the indentation"),
                Mistake.of("list beside its key", "a: - b\n", "f.yml:1:4: an item of a list makes no sense here; begin the list on a line of its own"),
                Mistake.of("open brace", "a: {b: 1\nc: 2\n", "f.yml:1:4: a \"{\" that is not closed properly; check commas and the closing \"}\""),
                Mistake.of("open bracket", "a: [1, 2\nb: 3\n", "f.yml:1:4: a \"[\" that is not closed properly; check commas and the closing \"]\""),
                Mistake.of("open quote", "a: \"b\nc: 2\n", "f.yml:1:4: a quote that is opened here and never closed; close it, or double a quote inside"),
                Mistake.of("open single quote", "a: 'b\nc: 2\n", "f.yml:1:4: a quote that is opened here and never closed; close it, or double a quote inside"),
                Mistake.of("backslash", "a: \"\\d+\"\n", "f.yml:1:6: a backslash that means nothing in double quotes; use single quotes for text with backslashes"),
                Mistake.of("at sign", "a: @b\n", "f.yml:1:4: a value cannot begin with this character; put quotes around the value"),
                Mistake.of("percent", "a: %b\n", "f.yml:1:4: a value cannot begin with this character; put quotes around the value"),
                Mistake.of("glob", "a: *.pem\n", "f.yml:1:4: a value cannot begin with \"*\"; put quotes around the value"),
                Mistake.of("star", "a: *\n", "f.yml:1:4: a value cannot begin with \"*\"; put quotes around the value"),
                Mistake.of("ampersand", "a: & b\n", "f.yml:1:4: a value cannot begin with \"&\"; put quotes around the value"),
                Mistake.of("tag", "a: !include other.yml\n", "f.yml:1:4: a: the tag \"!include\" is not understood; put quotes around a text that begins with \"!\""),
                Mistake.of("template", "a: {{ name }}\n", "f.yml:1:5: a: a key must be one word; put quotes around a text that begins with \"{\", \"[\" or \"*\""),
                Mistake.of("key is missing", "a: {: 2}\n", "f.yml:1:5: a value is missing here; write one, or \"\" for an empty text"),
                Mistake.of("control character", "a: 1\nb: \u0007\n", "f.yml:2:4: a control character (U+0007); remove it"),
                Mistake.of("duplicate keys", "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "f.yml:4:3: b.c: the key \"c\" stands twice; first at f.yml:3:3", "f.yml:5:1: a: the key \"a\" stands twice; first at f.yml:1:1"),
                Mistake.of("unknown anchor", "a: *b\n", "f.yml:1:4: a: no \"&b\" before this \"*b\"; put quotes around a text that begins with \"*\""),
                Mistake.of("anchor in itself", "a: &b [*b]\n", "f.yml:1:8: a[0]: no \"&b\" before this \"*b\"; put quotes around a text that begins with \"*\""),
                Mistake.of("merge of text", "a:\n  <<: b\n", "f.yml:2:7: a.<<: \"<<\" merges a mapping, found text"),
                Mistake.of("deep brackets", "a: " + "[".repeat(1000) + "\n", "f.yml:1:44: nested deeper than 40 levels"),
                Mistake.of(
                        "deep lists",
                        IntStream.range(0, 60).mapToObj(i -> " ".repeat(i * 2) + "a:\n").collect(Collectors.joining()),
                        "f.yml:42:83: nested deeper than 40 levels"),
                Mistake.of("long key", "k".repeat(1010) + ": 1\n", "f.yml:1:1: a key longer than 1000 characters"),
                Mistake.of(
                        "billion laughs",
                        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
                                + IntStream.range(1, 10)
                                        .mapToObj(i -> "a%d: &a%d [%s]\n"
                                                .formatted(i, i, String.join(", ", java.util.Collections.nCopies(10, "*a" + (i - 1)))))
                                        .collect(Collectors.joining()),
                        "f.yml:6:15: too many values: a configuration may hold about 250000"),
                Mistake.of("deep aliases", "a: &a " + "[".repeat(30) + "]".repeat(30) + "\nb: " + "[".repeat(20) + "*a" + "]".repeat(20), "f.yml:2:24: nested deeper than 40 levels"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void isToldInAPersonsWords(Mistake mistake) throws IOException {
        Files.writeString(folder.resolve("f.yml"), mistake.yaml());
        var problems = new Problems();

        ConfigFiles.read(List.of(folder.resolve("f.yml")), Set.of(), Map.of(), problems);

        assertThat(problems.list().stream().map(p -> p.toString().replace(folder + "/", ""))).containsExactlyElementsOf(mistake.lines());
    }
}
