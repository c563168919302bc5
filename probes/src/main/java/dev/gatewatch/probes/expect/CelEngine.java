package dev.gatewatch.probes.expect;

import com.google.re2j.Pattern;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.expect.BoundedText.TimeUp;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;

/** CEL with our variables and bounds: made on first use, as it takes half a second. Immutable, safe for many threads. */
final class CelEngine {
    static final String BODY = "body";
    static final String TEXT = "text";
    static final String STATUS = "status";
    static final String HEADERS = "headers";
    static final String LATENCY = "latency_ms";

    static final Set<String> OF_BODY = Set.of(BODY, TEXT);

    /** Until when the evaluation that goes on may last. */
    static final ScopedValue<Deadline> DEADLINE = ScopedValue.newInstance();

    /** Rounds of all loops of an evaluation; a body of the largest size has fewer members. */
    static final int MOST_ROUNDS = 1_000_000;

    private static final int LONGEST = 4_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(MOST_ROUNDS)
            .maxExpressionCodePointSize(LONGEST)
            .maxParseRecursionDepth(100)
            // so that parts of an expression can be written out again
            .populateMacroCalls(true)
            .build();

    static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar(BODY, SimpleType.DYN)
            .addVar(TEXT, SimpleType.STRING)
            .addVar(STATUS, SimpleType.INT)
            .addVar(HEADERS, MapType.create(SimpleType.STRING, SimpleType.STRING))
            .addVar(LATENCY, SimpleType.INT)
            .build();

    static final CelRuntime RUNTIME = CelRuntimeFactory.legacyCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardEnvironmentEnabled(false)
            .setStandardFunctions(CelStandardFunctions.newBuilder()
                    .excludeFunctions(StandardFunction.MATCHES)
                    .build())
            // the library's own could not be stopped within a large body
            .addFunctionBindings(
                    CelFunctionBinding.from("matches", String.class, String.class, CelEngine::matches),
                    CelFunctionBinding.from("matches_string", String.class, String.class, CelEngine::matches))
            .build();

    private static final java.util.regex.Pattern MISSING = java.util.regex.Pattern.compile("key '(.{1,200})' is not present");
    private static final java.util.regex.Pattern UNDECLARED =
            java.util.regex.Pattern.compile("undeclared reference to '(.{1,200}?)' \\(");

    private CelEngine() {}

    private static boolean matches(String text, String pattern) {
        try {
            return Pattern.compile(pattern)
                    .matcher(new BoundedText(text, DEADLINE.get()))
                    .find();
        } catch (TimeUp _) {
            throw new Stop();
        }
    }

    /** Ends an evaluation. No exception, as CEL's {@code &&}, {@code ||} and loops go on after one: the other side may settle the matter. */
    static final class Stop extends Error {
        private static final long serialVersionUID = 1L;

        Stop() {
            super("no time left to evaluate", null, false, false);
        }
    }

    /** What the checker complains about. */
    static String words(CelIssue issue) {
        String message = issue.getMessage();
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.find()) {
            return "there is no " + undeclared.group(1) + "; known are "
                    + String.join(", ", List.of(BODY, TEXT, STATUS, HEADERS, LATENCY));
        }
        return message.replaceFirst(" expecting \\{.*", "").replaceFirst(" \\(candidates: .*", "");
    }

    /** Why an evaluation came to no value. */
    static String words(CelEvaluationException e) {
        String message = String.valueOf(e.getMessage()).replaceFirst("^evaluation error(?: at [^:]*:\\d+)?: ", "");
        Matcher missing = MISSING.matcher(message);
        if (missing.find()) {
            return "there is no \"" + missing.group(1) + "\"";
        }
        if (e.getErrorCode() == CelErrorCode.OVERLOAD_NOT_FOUND) {
            return "the values are of kinds that do not go together";
        }
        return message.replaceFirst("\\.$", "");
    }

    /** For messages. */
    static String typeName(CelType type) {
        return switch (type.kind()) {
            case STRING -> "a text";
            case INT, UINT, DOUBLE -> "a number";
            case LIST -> "a list";
            case MAP -> "a mapping";
            default -> "of type " + type.name();
        };
    }
}
