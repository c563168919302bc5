package dev.gatewatch.probes.expect;

import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.Coding;
import dev.gatewatch.probes.httpclient.HttpFacts;
import dev.gatewatch.probes.httpclient.HttpVersion;
import dev.gatewatch.probes.httpclient.Json;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.httpclient.Sizes;
import com.google.re2j.Pattern;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.net.Failure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Compares an answer whose status is right with the other expectations and tells the report what does not hold; the first failure
 * stands, the others are kept beside it. Confined to one run.
 */
final class Assertions {
    private final Expectation expect;
    private final Answer answer;
    private final Deadline deadline;
    private final Redaction redaction;
    private final Report.Builder report;

    Assertions(
            Expectation expect, Answer answer, Deadline deadline, Redaction redaction, Report.Builder report) {
        this.expect = expect;
        this.answer = answer;
        this.deadline = deadline;
        this.redaction = redaction;
        this.report = report;
    }

    /** Checks everything; {@code versions} are the HTTP versions that are right, any where empty. */
    void check(List<HttpVersion> versions, int redirects, long latencyMillis) {
        version(versions);
        way(redirects);
        try {
            headers();
            body();
            document(latencyMillis);
        } catch (BoundedText.TimeUp _) {
            report.broken(
                    Cause.INTERNAL_ERROR,
                    "the expressions were not done with the body of "
                            + Sizes.format(answer.body().bytes().size()) + " in time; simplify them or raise timeout");
        }
    }

    private void way(int redirects) {
        boolean secure = answer.url().isHttps();
        expect.tls().filter(wanted -> wanted != secure).ifPresent(wanted -> fail(
                Cause.CONTENT_MISMATCH,
                "the answer came " + (secure ? "over" : "without") + " TLS, expected " + (wanted ? "TLS" : "none")));
        expect.redirects().filter(wanted -> wanted != redirects).ifPresent(wanted -> fail(
                Cause.CONTENT_MISMATCH,
                redirects + (redirects == 1 ? " redirect" : " redirects") + ", expected " + wanted));
        if (!expect.compression().isEmpty()) {
            Optional<Coding> coding = Coding.of(answer.coding());
            if (coding.filter(expect.compression()::contains).isEmpty()) {
                String wanted =
                        expect.compression().stream().map(Coding::word).collect(Collectors.joining(" or "));
                fail(Cause.CONTENT_MISMATCH, "Content-Encoding is " + answer.coding() + ", expected " + wanted);
            }
        }
    }

    private void version(List<HttpVersion> versions) {
        if (!versions.isEmpty() && !versions.contains(answer.version())) {
            String wanted =
                    versions.stream().map(HttpVersion::toString).collect(Collectors.joining(" or "));
            fail(Cause.HTTP_VERSION, "HTTP version " + answer.version() + ", expected " + wanted);
        }
    }

    private void headers() {
        expect.headers().forEach((name, expected) -> {
            List<String> values = answer.headers().values(name);
            if (values.isEmpty()) {
                if (!expected.allowMissing() && !expected.matches().isEmpty()) {
                    failByRegex(
                            "header " + name + " is missing, expected /"
                                    + expected.matches().getFirst() + "/");
                }
                return;
            }
            String seen = "header " + name + " is \"" + String.join("\", \"", values) + "\", ";
            for (Pattern pattern : expected.matches()) {
                if (values.stream().noneMatch(v -> finds(pattern, v))) {
                    failByRegex(seen + "expected /" + pattern + "/");
                }
            }
            for (Pattern pattern : expected.notMatches()) {
                if (values.stream().anyMatch(v -> finds(pattern, v))) {
                    failByRegex(seen + "which /" + pattern + "/ must not match");
                }
            }
        });
    }

    private void body() {
        expect.bodySize()
                .flatMap(bounds -> bounds.complaint(answer.body().bytes().size()))
                .ifPresent(complaint -> fail(Cause.CONTENT_MISMATCH, complaint));
        BodyExpectation body = expect.body();
        if (body.isEmpty()) {
            return;
        }
        if (answer.body().encoding().isPresent()) {
            undecoded();
            return;
        }
        String text = answer.text();
        for (String part : body.contains()) {
            if (!text.contains(part)) {
                fail(Cause.CONTENT_MISMATCH, "the body does not contain \"" + part + "\"");
            }
        }
        for (String part : body.notContains()) {
            if (text.contains(part)) {
                fail(Cause.CONTENT_MISMATCH, "the body contains \"" + part + "\"");
            }
        }
        for (Pattern pattern : body.matches()) {
            if (!finds(pattern, text)) {
                failByRegex("the body does not match /" + pattern + "/");
            }
        }
        for (Pattern pattern : body.notMatches()) {
            if (finds(pattern, text)) {
                failByRegex("the body matches /" + pattern + "/");
            }
        }
    }

    private void document(long latencyMillis) {
        boolean celReads = expect.cel().stream().anyMatch(CelExpression::readsBody);
        if (expect.json().isEmpty() && expect.cel().isEmpty()) {
            return;
        }
        if (answer.body().encoding().isPresent() && (celReads || !expect.json().isEmpty())) {
            undecoded();
            return;
        }
        Optional<JsonNode> document = Optional.empty();
        String why = "";
        if (celReads || !expect.json().isEmpty()) {
            try {
                document = Optional.of(Json.parse(answer.body().bytes().toByteArray()));
            } catch (Json.Invalid e) {
                why = "the body is not JSON: " + e.getMessage();
            }
        }
        if (!expect.json().isEmpty()) {
            if (document.isPresent()) {
                json(document.get());
            } else {
                fail(Cause.JSON_INVALID, why);
            }
        }
        if (!expect.cel().isEmpty()) {
            cel(new CelVariables(answer, document, latencyMillis, deadline), why);
        }
    }

    private void cel(CelVariables variables, String notJson) {
        for (CelExpression expression : expect.cel()) {
            expression.check(variables).ifPresent(fault -> {
                report.fact(HttpFacts.FAILED_DUE_TO_CEL, true);
                boolean noDocument = !fault.evaluated() && expression.readsBody() && !notJson.isEmpty();
                fail(
                        noDocument ? Cause.JSON_INVALID : Cause.CONTENT_MISMATCH,
                        noDocument ? notJson + ", for " + expression : fault.message());
            });
        }
    }

    private void json(JsonNode document) {
        Optional<HealthDocument> health = HealthDocument.of(document);
        for (JsonExpectation expected : expect.json()) {
            expected.check(document, deadline).ifPresent(mismatch -> {
                boolean saysDown = mismatch.actual()
                        .filter(JsonNode::isString)
                        .map(JsonNode::stringValue)
                        .filter(HealthDocument::isBad)
                        .isPresent();
                boolean down = health.isPresent() && (saysDown || health.get().isDown());
                fail(
                        down ? Cause.HEALTH_DOWN : Cause.CONTENT_MISMATCH,
                        mismatch.message() + (down ? health.get().shown() : ""));
            });
        }
    }

    private void undecoded() {
        fail(
                Cause.CONTENT_MISMATCH,
                "the body came as \"" + answer.body().encoding().orElse("") + "\", which was not asked for");
    }

    private boolean finds(Pattern pattern, String text) {
        return pattern.matcher(new BoundedText(text, deadline)).find();
    }

    private void failByRegex(String message) {
        report.fact(HttpFacts.FAILED_DUE_TO_REGEX, true);
        fail(Cause.CONTENT_MISMATCH, message);
    }

    private void fail(Cause cause, String message) {
        new Failure(cause, redaction.line(message)).tell(report);
    }
}
