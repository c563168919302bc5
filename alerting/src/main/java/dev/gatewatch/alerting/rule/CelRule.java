package dev.gatewatch.alerting.rule;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Suggestions;
import dev.gatewatch.config.ValueType;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A CEL expression on a run, checked when it is read. Two of the same text are equal. Immutable, safe for many threads.
 *
 * <p>It sees {@code facts} (by name), {@code outcome}, {@code cause} (empty for a run that passed), {@code latency_ms}, {@code phases}
 * (milliseconds by name) and {@code labels}. Texts in it are at most 1,000 characters, so its patterns cost little.
 */
public final class CelRule {
    private static final String FACTS = "facts";
    private static final List<String> VARIABLES = List.of(FACTS, "outcome", "cause", "latency_ms", "phases", "labels");
    private static final int LONGEST = 4_000;
    private static final int LONGEST_SHOWN = 200;
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '(.{1,200}?)' \\(");
    private static final Pattern MISSING = Pattern.compile("key '(.{1,200})' is not present");

    /** Made on first use: that takes half a second. */
    private static final class Engine {
        private static final CelOptions OPTIONS = CelOptions.current()
                .enableHeterogeneousNumericComparisons(true)
                .comprehensionMaxIterations(10_000)
                .maxExpressionCodePointSize(LONGEST)
                .maxParseRecursionDepth(100)
                .build();

        static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar(FACTS, MapType.create(SimpleType.STRING, SimpleType.DYN))
                .addVar("outcome", SimpleType.STRING)
                .addVar("cause", SimpleType.STRING)
                .addVar("latency_ms", SimpleType.DOUBLE)
                .addVar("phases", MapType.create(SimpleType.STRING, SimpleType.DOUBLE))
                .addVar("labels", MapType.create(SimpleType.STRING, SimpleType.STRING))
                .build();

        static final CelRuntime RUNTIME =
                CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

        private Engine() {}
    }

    private final String text;
    private final CelRuntime.Program program;
    private final SequencedSet<String> facts;

    private CelRule(String text, CelRuntime.Program program, SequencedSet<String> facts) {
        this.text = text;
        this.program = program;
        this.facts = facts;
    }

    /**
     * What an expression comes to.
     *
     * @param holds absent where it cannot be said
     * @param why the facts that it looked at, or why it cannot be said
     */
    record Answer(Optional<Boolean> holds, String why) {}

    /** An expression, checked for syntax and types. */
    static ValueType<CelRule> type() {
        return new ValueType<>() {
            @Override
            public Optional<CelRule> read(Node node, Reading reading) {
                if (!(node instanceof Node.Scalar s) || s.tag() == Node.Tag.NULL) {
                    reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                    return Optional.empty();
                }
                if (s.secret()) {
                    reading.problems().error(s, "an expression is shown in alerts, so no secret may go into it");
                    return Optional.empty();
                }
                try {
                    return Optional.of(compile(s.text()));
                } catch (CelValidationException e) {
                    CelIssue issue = e.getErrors().getFirst();
                    reading.problems().error(s, "not a CEL expression that can be used: " + words(issue));
                } catch (CelEvaluationException | IllegalArgumentException e) {
                    reading.problems().error(s, "not a CEL expression that can be used: " + e.getMessage());
                }
                return Optional.empty();
            }

            @Override
            public String describe() {
                return "a CEL expression (facts.http_status >= 500 && latency_ms > 800)";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("type", "string");
            }
        };
    }

    static CelRule compile(String text) throws CelValidationException, CelEvaluationException {
        CelAbstractSyntaxTree tree = Engine.COMPILER.compile(text).getAst();
        CelType type = tree.getResultType();
        if (!type.equals(SimpleType.BOOL) && !type.equals(SimpleType.DYN)) {
            throw new IllegalArgumentException("it is of type " + type.name() + ", expected true or false");
        }
        return new CelRule(text.strip(), Engine.RUNTIME.createProgram(tree), factsIn(tree));
    }

    /** The facts that it names, as {@code facts.name} or {@code facts["name"]}. */
    SequencedSet<String> facts() {
        return facts;
    }

    String shown() {
        return Words.cut(text.replaceAll("\\s+", " "), LONGEST_SHOWN);
    }

    Answer evaluate(Result run, Map<String, String> labels) {
        var report = run.report();
        var values = new LinkedHashMap<String, Object>();
        report.facts().forEach((name, fact) -> values.put(name, fact.value()));
        try {
            Object value = program.eval(Map.of(
                    FACTS,
                    values,
                    "outcome",
                    report.outcome().code(),
                    "cause",
                    report.cause().map(Cause::code).orElse(""),
                    "latency_ms",
                    run.duration().toNanos() / 1e6,
                    "phases",
                    report.phases().entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, p -> p.getValue().toNanos() / 1e6)),
                    "labels",
                    labels));
            return value instanceof Boolean holds
                    ? new Answer(Optional.of(holds), holds ? seen(report.facts()) : "")
                    : new Answer(Optional.empty(), "it is " + value + ", expected true or false");
        } catch (CelEvaluationException e) {
            return new Answer(Optional.empty(), words(e));
        }
    }

    private String seen(Map<String, Fact> reported) {
        return reported.entrySet().stream()
                .filter(fact -> facts.contains(fact.getKey()))
                .map(fact -> fact.getKey() + " is " + Words.cut(fact.getValue().shown(), LONGEST_SHOWN))
                .collect(Collectors.joining(", "));
    }

    private static SequencedSet<String> factsIn(CelAbstractSyntaxTree tree) {
        var names = new TreeSet<String>();
        CelNavigableAst.fromAst(tree).getRoot().allNodes().forEach(node -> {
            CelExpr expr = node.expr();
            if (expr.getKind() == ExprKind.Kind.SELECT && isFacts(expr.select().operand())) {
                if (!expr.select().testOnly()) {
                    names.add(expr.select().field());
                }
            } else if (expr.getKind() == ExprKind.Kind.CALL
                    && expr.call().function().equals("_[_]")
                    && isFacts(expr.call().args().getFirst())
                    && expr.call().args().getLast().getKind() == ExprKind.Kind.CONSTANT
                    && expr.call().args().getLast().constant().getKind() == CelConstant.Kind.STRING_VALUE) {
                names.add(expr.call().args().getLast().constant().stringValue());
            }
        });
        return names;
    }

    private static boolean isFacts(CelExpr expr) {
        return expr.getKind() == ExprKind.Kind.IDENT && expr.ident().name().equals(FACTS);
    }

    private static String words(CelIssue issue) {
        Matcher undeclared = UNDECLARED.matcher(issue.getMessage());
        if (undeclared.find()) {
            return "there is no " + undeclared.group(1)
                    + Suggestions.didYouMean(undeclared.group(1), VARIABLES)
                            .map(hint -> "; " + hint)
                            .orElse("; known are " + String.join(", ", VARIABLES));
        }
        return issue.getMessage().replaceFirst(" expecting \\{.*", "").replaceFirst(" \\(candidates: .*", "");
    }

    private static String words(CelEvaluationException e) {
        Matcher missing = MISSING.matcher(String.valueOf(e.getMessage()));
        return missing.find()
                ? "the last run did not tell " + missing.group(1)
                : "it cannot be said: " + String.valueOf(e.getMessage()).replaceFirst("^evaluation error(?: at [^:]*:\\d+)?: ", "");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CelRule rule && rule.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
