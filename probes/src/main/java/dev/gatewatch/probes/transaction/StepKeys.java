package dev.gatewatch.probes.transaction;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probes.httpclient.RequestKeys;
import dev.gatewatch.probes.transaction.Step.Action;
import dev.gatewatch.probes.transaction.Step.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The keys of one step. */
final class StepKeys {
    private static final Duration HOUR = Duration.ofHours(1);

    private static final Key<String> NAME =
            Key.required("name", Types.name(), "What the step is called in messages, phases and metrics; unique.");
    private static final Key<ExpectTemplate> EXPECT = Key.withDefault(
            "expect",
            ExpectTemplate.type(),
            ExpectTemplate.DEFAULT,
            "status: 2xx",
            "What the answer must be; texts in json and body may hold $(variables).");
    private static final Key<Boolean> MUST_BE_REFUSED = Key.withDefault(
            "must_be_refused",
            Types.bool(),
            false,
            "false",
            "Whether the target must refuse this request: it fails when it is accepted. What counts as refused is expect.status, 4xx"
                    + " where that is left out.");
    private static final Key<SequencedMap<String, Capture>> CAPTURE = Key.optional(
            "capture",
            Types.map(variable(), Capture.type()),
            "Variables for later steps: name to a JSONPath in the body, or to a mapping with json, header, cookie or regex.");
    private static final Key<SequencedMap<String, Signature>> SIGN = Key.optional(
            "sign",
            Types.map(variable(), Signature.TYPE),
            "Variables that are signatures. One over $(request_…) is made last and can go into headers only.");
    private static final Key<Poll> POLL = Key.optional(
            "poll", Poll.TYPE, "Asks again and again until the answer is as wanted; each answer must be as expect says.");
    private static final Key<CallbackWait> CALLBACK = Key.optional(
            "callback",
            CallbackWait.TYPE,
            "Instead of a request: waits for the target to call $(callback_url), which an earlier step gave it.");
    private static final Key<Boolean> ALWAYS = Key.withDefault(
            "always",
            Types.bool(),
            false,
            "false",
            "Whether this is a clean-up step: done also after a failure, within a part of the time-out kept for it; its own failure makes"
                    + " the run degraded at most. Left out where a variable it needs was never captured.");
    private static final Key<Duration> DELAY = Key.withDefault(
            "delay", Types.duration(Duration.ZERO, HOUR), Duration.ZERO, "0", "Pause before the step.");
    private static final Key<Duration> TIMEOUT = Key.optional(
            "timeout",
            Types.duration(Duration.ofMillis(1), HOUR),
            "Longest time of one request of this step. Left out: what is left of the transaction's.");

    /** Variables made anew, for a step or for all. */
    static final Key<SequencedMap<String, Generator>> GENERATE = Key.optional(
            "generate",
            Types.map(variable(), GeneratorType.INSTANCE),
            "Variables made anew each time: name to uuid, now, sequence (1, 2, 3 … over the runs), or to a mapping with now (format, offset,"
                    + " zone), integer (min, max), amount (min, max, decimals) or text (length, alphabet).");

    private static final List<Key<?>> ALL = Stream.of(
                    List.<Key<?>>of(NAME),
                    RequestTemplate.KEYS,
                    List.<Key<?>>of(
                            EXPECT, MUST_BE_REFUSED, CAPTURE, GENERATE, SIGN, POLL, CALLBACK, ALWAYS, DELAY, TIMEOUT))
            .flatMap(List::stream)
            .toList();

    /** A step that still lacks what holds for all of them. */
    @FunctionalInterface
    interface Draft extends Function<Common, Step> {}

    /** What holds for all steps. */
    record Common(
            SequencedMap<String, HeaderTemplate> headers,
            Optional<AuthTemplate> auth,
            SequencedMap<String, Constant> constants) {}

    /** A step. */
    static final SectionType<Draft> TYPE = SectionType.of("step", ALL, section -> common -> read(section, common));

    private StepKeys() {}

    /** The name of a variable. */
    static ValueType<String> variable() {
        ValueType<String> word = Types.text("a name of a variable (letters, digits, '_')", "[A-Za-z_][A-Za-z0-9_]{0,63}");
        return new ValueType<>() {
            @Override
            public Optional<String> read(Node node, Reading reading) {
                Optional<String> name = word.read(node, reading);
                boolean taken = name.filter(n -> n.equals(CallbackWait.URL) || Signature.OF_REQUEST.contains(n))
                        .isPresent();
                if (taken) {
                    reading.problems().error(node, "$(" + name.orElseThrow() + ") is the probe's own; choose another name");
                }
                return taken ? Optional.empty() : name;
            }

            @Override
            public String describe() {
                return word.describe();
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return word.jsonSchema();
            }
        };
    }

    private static Step read(Section section, Common common) {
        return new Step(
                section.get(NAME),
                section.get(ALWAYS),
                section.get(DELAY),
                section.find(TIMEOUT),
                section.find(GENERATE).orElseGet(LinkedHashMap::new),
                section.find(SIGN).orElseGet(LinkedHashMap::new),
                section.has(CALLBACK) ? await(section) : ask(section, common),
                section.find(CAPTURE).orElseGet(LinkedHashMap::new),
                section.at(NAME));
    }

    private static Action await(Section section) {
        Stream.concat(RequestTemplate.KEYS.stream(), Stream.of(EXPECT, MUST_BE_REFUSED, POLL, SIGN, GENERATE, TIMEOUT))
                .filter(section::has)
                .forEach(key -> section.problem(
                        key, "\"" + key + "\" makes no sense beside \"callback\", which sends nothing"));
        return new Action.Await(section.find(CALLBACK).orElseThrow());
    }

    private static Action ask(Section section, Common common) {
        RequestTemplate request = RequestTemplate.read(section, common.headers(), common.auth());
        boolean refused = section.get(MUST_BE_REFUSED);
        if (refused && section.has(POLL)) {
            section.problem(MUST_BE_REFUSED, "\"must_be_refused\" makes no sense beside \"poll\"");
        }
        boolean ownStatus = section.at(EXPECT) instanceof Node.Fields f && section.has(EXPECT) && f.fields().containsKey("status");
        return new Action.Ask(
                request,
                refused && !ownStatus ? refusal(section) : section.get(EXPECT),
                !refused ? Refusal.NO : ownStatus ? Refusal.AS_EXPECTED : Refusal.ANY,
                request.isLearnt(common.constants()),
                section.find(POLL));
    }

    /** What is expected of a refusal whose status is not written: 4xx, and all that is. */
    private static ExpectTemplate refusal(Section section) {
        Node written = section.at(EXPECT);
        var status = new Node.Scalar(written.place(), written.path(), "4xx", Node.Tag.TEXT, false);
        Node.Fields base = section.has(EXPECT) && written instanceof Node.Fields f
                ? f
                : new Node.Fields(written.place(), written.path(), new LinkedHashMap<>());
        return ExpectTemplate.type()
                .read(base.with(Map.of("status", status), List.of()), section.reading())
                .orElse(ExpectTemplate.DEFAULT);
    }
}
