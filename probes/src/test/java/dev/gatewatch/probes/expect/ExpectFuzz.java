package dev.gatewatch.probes.expect;

import dev.gatewatch.kit.Sections;
import dev.gatewatch.config.Key;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.fuzz.Target;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpClientFuzz;
import dev.gatewatch.probes.httpclient.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Bodies that are judged. */
public final class ExpectFuzz {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private static final Key<CelExpression> EXPRESSION = Key.required("e", CelExpression.type(), "An expression.");

    private static final List<CelExpression> CEL = Stream.of(
                    "body.items.all(i, i.amount > 0 && i.name.matches('a+b'))",
                    "size(body.items) == 2",
                    "body.status == 'UP' || body.total + 1 > 2",
                    "text.contains('x') && headers['content-type'].startsWith('application')",
                    "body.items.map(i, i.amount * 2).exists(a, a == body.total)",
                    "timestamp(body.at) < timestamp('2026-01-01T00:00:00Z')",
                    "duration(body.wait) < duration('1s') && int(body.n) > 0 && string(body.items) != ''")
            .map(text -> Sections.of(List.of(EXPRESSION), Map.of("e", text)).get(EXPRESSION))
            .toList();

    private static final List<JsonQuery> QUERIES = Stream.of(
                    "$.status", "$..name", "$.items[*].amount", "$.items[?(@.amount > 1)].name", "$.items[-1:]", "$..items[0]['name']",
                    "$.items.length()", "$.total.sum()", "$..*")
            .map(JsonQuery::of)
            .toList();

    private ExpectFuzz() {}

    public static List<Target> targets() {
        String items = "{\"status\":\"UP\",\"total\":3,\"at\":\"2025-01-01T00:00:00Z\",\"wait\":\"3s\",\"n\":\"7\",\"items\":"
                + "[{\"name\":\"aab\",\"amount\":1},{\"name\":\"b\",\"amount\":2.5}]}";
        return List.of(
                Target.ofText("cel", ExpectFuzz::cel, items),
                Target.ofText("jsonpath", ExpectFuzz::paths, items),
                Target.ofText(
                        "error-body",
                        ExpectFuzz::errorBody,
                        "{\"code\":\"PAYMENT_VALIDATION_FAILED\",\"message\":\"m\",\"field\":\"total_amount\",\"request_id\":\"r\"}",
                        "{\"type\":\"about:blank\",\"title\":\"t\",\"detail\":\"order_id is malformed\",\"errors\":[{\"field\":\"a\"}]}",
                        "{\"error\":{\"message\":\"Jwt is expired\",\"code\":1,\"details\":[{\"fieldViolations\":[{\"field\":\"x\"}]}]}}",
                        "<Error><Code>AccessDenied</Code><Message>no</Message><RequestId>1</RequestId></Error>"),
                Target.ofText(
                        "health-document",
                        ExpectFuzz::health,
                        "{\"status\":\"DOWN\",\"components\":{\"db\":{\"status\":\"DOWN\",\"details\":{\"e\":\"x\"}},\"disk\":{\"status\":\"UP\"}}}",
                        "{\"status\":\"fail\",\"checks\":{\"a:b\":[{\"status\":\"fail\"}]}}",
                        "[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n"));
    }

    private static void cel(byte[] body) {
        Answer answer = HttpClientFuzz.answer(200, "Content-Type: application/json", body);
        var variables = new CelVariables(answer, Json.tryParse(body), 7, Deadline.after(Duration.ofMinutes(1)));
        CEL.forEach(expression -> expression.check(variables));
    }

    private static void paths(byte[] body) {
        Json.tryParse(body).ifPresent(tree -> QUERIES.forEach(query -> query.find(tree)));
    }

    private static void errorBody(byte[] body) {
        XmlDocument.read(Target.text(body));
        for (int status : new int[] {400, 401, 403, 429, 503}) {
            Answer answer = HttpClientFuzz.answer(status, "Content-Type: application/problem+json\nRetry-After: 3", body);
            ErrorBody.of(answer).ifPresent(ErrorBody::shown);
            StatusVerdict.of(answer, List.of(), NOW);
        }
    }

    private static void health(byte[] body) {
        HealthDocument.ofText(Target.text(body)).ifPresent(HealthDocument::shown);
        Json.tryParse(body).flatMap(HealthDocument::of).ifPresent(d -> {
            d.isDown();
            d.shown();
        });
    }
}
