package dev.gatewatch.probes.expect;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Reading;
import dev.gatewatch.config.Secret;
import dev.gatewatch.config.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A CEL expression on an answer that must be true, taken apart at its outermost {@code &&}, so that a message can say which part does
 * not hold and what was there instead. Immutable, safe for many threads.
 */
final class CelExpression {
    private static final Set<String> RELATIONS = Set.of("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_");

    private final String text;
    private final List<Part> parts;
    private final boolean readsBody;

    private CelExpression(String text, List<Part> parts, boolean readsBody) {
        this.text = text;
        this.parts = List.copyOf(parts);
        this.readsBody = readsBody;
    }

    /**
     * A part that must be true.
     *
     * @param side the operand that shows why it is not
     */
    private record Part(String text, CelRuntime.Program program, Optional<Side> side) {}

    private record Side(String text, CelRuntime.Program program) {}

    /** Why an expression is not true. */
    record Fault(String message, boolean evaluated) {}

    /** An expression, checked for syntax and types. */
    static ValueType<CelExpression> type() {
        return new ValueType<>() {
            @Override
            public Optional<CelExpression> read(Node node, Reading reading) {
                if (!(node instanceof Node.Scalar s) || s.tag() == Node.Tag.NULL) {
                    reading.problems().error(node, "expected " + describe() + ", found " + node.kind());
                    return Optional.empty();
                }
                try {
                    return Optional.of(compile(s.text(), s.secret()));
                } catch (Unfit e) {
                    reading.problems().error(s, "not a CEL expression that can be checked: " + e.getMessage());
                    return Optional.empty();
                }
            }

            @Override
            public String describe() {
                return "a CEL expression (body.items.size() > 0)";
            }

            @Override
            public Map<String, Object> jsonSchema() {
                return Map.of("type", "string");
            }
        };
    }

    /** Why a text cannot be used. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String message) {
            super(message, null, false, false);
        }
    }

    /** Whether the body is looked at. */
    boolean readsBody() {
        return readsBody;
    }

    /**
     * Why it is not true; nothing where it is.
     *
     * @throws BoundedText.TimeUp at the deadline that the variables were made with
     */
    Optional<Fault> check(CelVariables variables) {
        for (Part part : parts) {
            try {
                Object value = variables.evaluate(part.program());
                if (!Boolean.TRUE.equals(value)) {
                    return Optional.of(new Fault(
                            value instanceof Boolean
                                    ? part.text() + " does not hold" + why(part, variables)
                                    : part.text() + " is " + CelVariables.shown(value) + ", expected true",
                            true));
                }
            } catch (CelEvaluationException e) {
                return Optional.of(new Fault(part.text() + " cannot be said: " + CelEngine.words(e), false));
            }
        }
        return Optional.empty();
    }

    private static String why(Part part, CelVariables variables) {
        if (part.side().isEmpty()) {
            return "";
        }
        try {
            Side side = part.side().get();
            return ": " + side.text() + " is " + CelVariables.shown(variables.evaluate(side.program()));
        } catch (CelEvaluationException _) {
            return "";
        }
    }

    private static CelExpression compile(String text, boolean secret) throws Unfit {
        CelAbstractSyntaxTree tree = checked(text);
        if (!tree.getResultType().equals(SimpleType.BOOL) && !tree.getResultType().equals(SimpleType.DYN)) {
            throw new Unfit("it is " + CelEngine.typeName(tree.getResultType()) + ", expected true or false");
        }
        boolean readsBody = false;
        boolean plain = true;
        for (var node : CelNavigableAst.fromAst(tree).getRoot().allNodes().toList()) {
            CelExpr expr = node.expr();
            if (expr.getKind() == ExprKind.Kind.IDENT) {
                readsBody |= CelEngine.OF_BODY.contains(expr.ident().name());
            } else if (expr.getKind() == ExprKind.Kind.CALL && expr.call().function().equals("matches")) {
                checkPattern(expr.call().args().getLast());
            } else if (expr.getKind() == ExprKind.Kind.CONSTANT) {
                plain &= isPlain(expr.constant());
            }
        }
        var parts = new ArrayList<Part>();
        if (secret || !plain) {
            parts.add(new Part(secret ? Secret.MASK : text.strip(), program(tree), Optional.empty()));
        } else {
            for (CelExpr part : conjuncts(tree.getExpr(), new ArrayList<>())) {
                parts.add(part(part, tree));
            }
        }
        return new CelExpression(secret ? Secret.MASK : text, parts, readsBody);
    }

    /** The library writes texts out without escaping what is in them, and no bytes at all. */
    private static boolean isPlain(CelConstant constant) {
        return switch (constant.getKind()) {
            case STRING_VALUE -> constant.stringValue().chars().noneMatch(c -> c == '"' || c == '\\' || c < ' ');
            case BYTES_VALUE -> false;
            default -> true;
        };
    }

    private static void checkPattern(CelExpr pattern) throws Unfit {
        boolean literal = pattern.getKind() == ExprKind.Kind.CONSTANT
                && pattern.constant().getKind() == CelConstant.Kind.STRING_VALUE;
        if (!literal) {
            throw new Unfit("the pattern of matches() has to be written out as text");
        }
        try {
            Pattern.compile(pattern.constant().stringValue());
        } catch (PatternSyntaxException e) {
            throw new Unfit("not a regular expression (RE2 syntax): " + e.getDescription());
        }
    }

    private static List<CelExpr> conjuncts(CelExpr expr, List<CelExpr> into) {
        if (expr.getKind() == ExprKind.Kind.CALL && expr.call().function().equals("_&&_")) {
            expr.call().args().forEach(arg -> conjuncts(arg, into));
        } else {
            into.add(expr);
        }
        return into;
    }

    private static Part part(CelExpr expr, CelAbstractSyntaxTree whole) throws Unfit {
        String text = unparsed(expr, whole);
        Optional<Side> side = Optional.empty();
        if (expr.getKind() == ExprKind.Kind.CALL && RELATIONS.contains(expr.call().function())) {
            Optional<CelExpr> shown = expr.call().args().stream()
                    .filter(arg -> arg.getKind() != ExprKind.Kind.CONSTANT)
                    .findFirst();
            if (shown.isPresent()) {
                String sideText = unparsed(shown.get(), whole);
                side = Optional.of(new Side(sideText, program(checked(sideText))));
            }
        }
        return new Part(text, program(checked(text)), side);
    }

    private static String unparsed(CelExpr expr, CelAbstractSyntaxTree whole) {
        return CelUnparserFactory.newUnparser()
                .unparse(CelAbstractSyntaxTree.newParsedAst(expr, whole.getSource()));
    }

    private static CelAbstractSyntaxTree checked(String text) throws Unfit {
        try {
            return CelEngine.COMPILER.compile(text).getAst();
        } catch (CelValidationException e) {
            CelIssue issue = e.getErrors().getFirst();
            CelSourceLocation at = issue.getSourceLocation();
            throw new Unfit((at.getLine() > 1 ? "line " + at.getLine() + ", column " : "column ") + (at.getColumn() + 1) + ": "
                    + CelEngine.words(issue));
        }
    }

    private static CelRuntime.Program program(CelAbstractSyntaxTree tree) throws Unfit {
        try {
            return CelEngine.RUNTIME.createProgram(tree);
        } catch (CelEvaluationException e) {
            throw new Unfit(CelEngine.words(e));
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
