package dev.gatewatch.probes.expect;

import com.google.protobuf.NullValue;
import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.expect.BoundedText.TimeUp;
import dev.gatewatch.probes.httpclient.Answer;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What CEL expressions see of an answer. The body's lists and mappings look at the deadline whenever they are read, which ends every
 * loop. Confined to one run.
 */
final class CelVariables {
    private static final int LONGEST_SHOWN = 120;
    private static final BigInteger MOST_LONG = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger LEAST_LONG = BigInteger.valueOf(Long.MIN_VALUE);

    private final Map<String, Object> values;
    private final Deadline deadline;

    /**
     * The variables.
     *
     * @param document nothing where the body is no JSON; {@code body} is null then
     */
    CelVariables(Answer answer, Optional<JsonNode> document, long latencyMillis, Deadline deadline) {
        this.deadline = deadline;
        this.values = Map.of(
                CelEngine.BODY, document.map(this::value).orElse(NullValue.NULL_VALUE),
                CelEngine.TEXT, answer.body().encoding().isPresent() ? "" : answer.text(),
                CelEngine.STATUS, (long) answer.status(),
                CelEngine.HEADERS, headers(answer.headers()),
                CelEngine.LATENCY, latencyMillis);
    }

    /**
     * The value of an expression.
     *
     * @throws TimeUp at the deadline, or after too many rounds
     */
    Object evaluate(CelRuntime.Program program) throws CelEvaluationException {
        try {
            return ScopedValue.where(CelEngine.DEADLINE, deadline).call(() -> program.eval(values));
        } catch (CelEngine.Stop _) {
            throw new TimeUp();
        } catch (CelEvaluationException e) {
            if (e.getErrorCode() == CelErrorCode.ITERATION_BUDGET_EXCEEDED) {
                throw new TimeUp();
            }
            throw e;
        }
    }

    /** For messages, shortened. */
    static String shown(Object value) {
        String text =
                switch (value) {
                    case String s -> "\"" + s + "\"";
                    case NullValue _ -> "null";
                    default -> value.toString();
                };
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN - 1) + "…" : text;
    }

    /** By name without regard to case; values of a repeated header joined as RFC 9110, 5.3 has it. */
    private static Map<String, String> headers(Headers headers) {
        var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < headers.size(); i++) {
            all.merge(headers.name(i), headers.value(i), (a, b) -> a + ", " + b);
        }
        return all;
    }

    private void lookAtClock() {
        if (deadline.passed() || Thread.currentThread().isInterrupted()) {
            throw new CelEngine.Stop();
        }
    }

    private Object value(JsonNode node) {
        lookAtClock();
        return switch (node.getNodeType()) {
            case OBJECT -> new Mapping(node);
            case ARRAY -> new Sequence(node);
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(node);
            default -> NullValue.NULL_VALUE;
        };
    }

    private static Object number(JsonNode node) {
        if (node.isIntegralNumber()) {
            BigInteger whole = node.bigIntegerValue();
            if (whole.compareTo(MOST_LONG) <= 0 && whole.compareTo(LEAST_LONG) >= 0) {
                return whole.longValue();
            }
        }
        return node.decimalValue().doubleValue();
    }

    private final class Sequence extends AbstractList<Object> {
        private final JsonNode array;

        Sequence(JsonNode array) {
            this.array = array;
        }

        @Override
        public Object get(int index) {
            if (index < 0 || index >= array.size()) {
                throw new IndexOutOfBoundsException(index);
            }
            return value(array.get(index));
        }

        @Override
        public int size() {
            return array.size();
        }

        @Override
        public String toString() {
            return array.toString();
        }
    }

    private final class Mapping extends AbstractMap<String, Object> {
        private final JsonNode object;

        Mapping(JsonNode object) {
            this.object = object;
        }

        @Override
        public boolean containsKey(Object key) {
            return key instanceof String name && object.has(name);
        }

        @Override
        public @Nullable Object get(Object key) {
            JsonNode member = key instanceof String name ? object.get(name) : null;
            return member == null ? null : value(member);
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Entry<String, Object>> iterator() {
                    return object.properties().stream()
                            .map(member -> Map.entry(member.getKey(), value(member.getValue())))
                            .iterator();
                }

                @Override
                public int size() {
                    return object.size();
                }
            };
        }

        @Override
        public String toString() {
            return object.toString();
        }
    }
}
