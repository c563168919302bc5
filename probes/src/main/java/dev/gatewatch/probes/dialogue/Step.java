package dev.gatewatch.probes.dialogue;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * One step of a dialogue: waits, then sends, then starts TLS; each only where wanted. Immutable.
 *
 * @param startTls whether to start TLS after it
 * @param labels what to keep of the match, by label name
 * @param secrets what must not be shown of what it sends or expects
 */
public record Step(
        Optional<Expectation> expect,
        Optional<Template> send,
        boolean startTls,
        SequencedMap<String, Template> labels,
        List<Secret> secrets) {
    public Step {
        secrets = List.copyOf(secrets);
        labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
    }

    /** Labels that the daemon itself puts on metrics. */
    private static final Set<String> TAKEN = Set.of("probe", "type", "target", "region", "location", "phase");

    private static final ValueType<String> TEXT = Types.text();
    private static final String WHERE_LINE = "line";

    private static final Key<Pattern> EXPECT = Key.optional(
            "expect",
            Types.regex(),
            "Regular expression to wait for in what the peer sends from here on: lines that do not match are passed over.");
    private static final Key<Boolean> EXPECT_IN = Key.withDefault(
            "expect_in",
            Types.oneOf(inOrder()),
            true,
            WHERE_LINE,
            "What expect looks into. line: each line when it is complete, without its line end (at the end of the stream also the"
                    + " last one). stream: everything since the last match, line ends included, as soon as it matches; for prompts,"
                    + " which have no line end. There ^ and $ match at line ends.");
    private static final Key<Bytes> EXPECT_BYTES = Key.optional(
            "expect_bytes",
            Bytes.TYPE,
            "Exactly the bytes that must come next, in however many segments; the first other byte fails the run.");
    private static final Key<String> SEND = Key.optional(
            "send",
            TEXT,
            "Text to send after that, exactly as written: end lines with \"\\r\\n\" where the protocol has lines. ${1} stands for"
                    + " the first group of the last match, ${0} for all of it, and a named group (?P<id>…) of any match before for"
                    + " $${id}.");
    private static final Key<Bytes> SEND_BYTES =
            Key.optional("send_bytes", Bytes.TYPE, "Bytes to send in the place of send; nothing is replaced in them.");
    private static final Key<Boolean> START_TLS =
            Key.withDefault("starttls", Types.bool(), false, "false", "Start TLS on the connection after this step.");
    private static final ValueType<String> LABEL_NAME = Types.text(
            "a label name (letters, digits and '_')", "[A-Za-z_][A-Za-z0-9_]{0,99}");
    private static final Key<SequencedMap<String, String>> LABELS = Key.withDefault(
            "labels",
            Types.map(LABEL_NAME, TEXT),
            new LinkedHashMap<>(),
            "{}",
            "What to keep of the match as facts and as labels of probe_expect_info, such as {version: \"${1}\"}.");

    /** One item of a {@code dialogue}. */
    public static final SectionType<Step> TYPE = SectionType.of(
            "dialogue step",
            List.of(EXPECT, EXPECT_IN, EXPECT_BYTES, SEND, SEND_BYTES, START_TLS, LABELS),
            Step::read);

    private static SequencedMap<String, Boolean> inOrder() {
        var words = new LinkedHashMap<String, Boolean>();
        words.put(WHERE_LINE, true);
        words.put("stream", false);
        return words;
    }

    private static Step read(Section section) {
        if (section.node().fields().isEmpty()) {
            section.reading()
                    .problems()
                    .error(section.node(), "a step expects, sends or starts TLS; this one does nothing");
        }
        if (section.has(EXPECT) && section.has(EXPECT_BYTES)) {
            section.problem(EXPECT_BYTES, "expect and expect_bytes exclude each other; make two steps of them");
        }
        if (section.has(SEND) && section.has(SEND_BYTES)) {
            section.problem(SEND_BYTES, "send and send_bytes exclude each other; make two steps of them");
        }
        if (!section.has(EXPECT) && section.has(EXPECT_IN)) {
            section.problem(EXPECT_IN, "expect_in says where expect looks, and there is no expect in this step");
        }
        if (!section.has(EXPECT) && section.has(LABELS)) {
            section.problem(LABELS, "labels keep what expect matched, and there is no expect in this step");
        }
        var labels = new LinkedHashMap<String, Template>();
        section.get(LABELS).forEach((name, text) -> labels.put(name, Template.of(text)));
        labels.keySet().stream()
                .filter(name -> TAKEN.contains(name) || name.startsWith("__"))
                .forEach(name -> section.problem(LABELS, "the label name \"" + name + "\" is taken; choose another"));
        Optional<Expectation> wanted = section.find(EXPECT)
                .<Expectation>map(p -> section.get(EXPECT_IN) ? new Expectation.Line(p) : new Expectation.Stream(p))
                .or(() -> section.find(EXPECT_BYTES).map(b -> new Expectation.Exact(b.value(), b.secret().isPresent())));
        Optional<Template> sent = section.find(SEND)
                .map(Template::of)
                .or(() -> section.find(SEND_BYTES).map(b -> Template.bytes(b.value())));
        return new Step(wanted, sent, section.get(START_TLS), labels, secrets(section));
    }

    private static List<Secret> secrets(Section section) {
        var secrets = new ArrayList<Secret>();
        section.find(EXPECT_BYTES).flatMap(Bytes::secret).ifPresent(secrets::add);
        section.find(SEND_BYTES).flatMap(Bytes::secret).ifPresent(secrets::add);
        for (Key<?> key : List.of(EXPECT, SEND)) {
            // an echo may lack the line end
            if (section.has(key) && section.at(key) instanceof Node.Scalar s && s.secret() && !s.text().isBlank()) {
                secrets.add(new Secret(s.text().strip()));
            }
        }
        return secrets;
    }

    /** The names that a match of this step captures by. */
    List<String> captures() {
        return expect.flatMap(e -> switch (e) {
                    case Expectation.Line(Pattern p) -> Optional.of(p);
                    case Expectation.Stream(Pattern p) -> Optional.of(p);
                    case Expectation.Exact _ -> Optional.<Pattern>empty();
                })
                .map(Step::groups)
                .orElse(List.of());
    }

    private static List<String> groups(Pattern pattern) {
        var names = new ArrayList<>(pattern.namedGroups().keySet());
        for (int group = 0; group <= pattern.groupCount(); group++) {
            names.add(Integer.toString(group));
        }
        return names;
    }
}
