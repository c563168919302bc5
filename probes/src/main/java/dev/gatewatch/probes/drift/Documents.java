package dev.gatewatch.probes.drift;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Outcome;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.drift.Document.Unreadable;
import dev.gatewatch.probes.drift.DriftConfig.Source;
import dev.gatewatch.probes.expect.AnswerJudge;
import dev.gatewatch.probes.expect.Expectation;
import dev.gatewatch.probes.httpclient.Answer;
import dev.gatewatch.probes.httpclient.HttpRequest;
import dev.gatewatch.probes.httpclient.HttpSession;
import dev.gatewatch.probes.httpclient.ProbeFailure;
import dev.gatewatch.probes.httpclient.Sizes;
import dev.gatewatch.probes.net.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Gets the documents of one run; what goes wrong is in its report. Confined to the run's thread. */
final class Documents {
    private final DriftConfig config;
    private final HttpSession session;
    private final Report.Builder report;

    Documents(DriftConfig config, HttpSession session, Report.Builder report) {
        this.config = config;
        this.session = session;
        this.report = report;
    }

    /** The document that is watched. */
    Optional<Document> target() throws InterruptedIOException {
        return switch (config.source()) {
            case Source.Http(HttpRequest request) -> ask(request);
            case Source.Local(Path file) -> read(file);
        };
    }

    /** The document of the other environment; a failure says that it is of the reference. */
    Optional<Document> sister(HttpRequest request) throws InterruptedIOException {
        var part = Report.builder();
        session.tellTo(part);
        Optional<Document> document = ask(request);
        session.tellTo(report);
        Report told = part.build();
        if (document.isEmpty()) {
            told.cause()
                    .ifPresent(cause -> new Failure(
                                    cause,
                                    session.redaction().line("the reference " + request.target() + " cannot be had: " + told.message()))
                            .tell(report));
            told.evidence().forEach(e -> report.evidence("reference: " + e.title(), e.text()));
        }
        return document;
    }

    private Optional<Document> ask(HttpRequest request) throws InterruptedIOException {
        Report.Builder part = session.report();
        Optional<Document> document = Optional.empty();
        try {
            Answer answer = session.send(request);
            AnswerJudge.judge(Expectation.DEFAULT, session.requiredVersions(), answer, session);
            if (part.outcome() == Outcome.PASS || part.outcome() == Outcome.DEGRADED) {
                String type = answer.headers().get("Content-Type");
                String hint = (type == null ? "" : type) + " " + answer.url().encodedPath();
                document = Optional.of(config.format().read(answer.body().bytes().toByteArray(), hint));
            }
        } catch (ProbeFailure e) {
            e.tell(session);
        } catch (Unreadable e) {
            unreadable(part, "the document", e);
        }
        if (part.outcome() != Outcome.PASS) {
            session.tellTranscript();
        }
        return document;
    }

    private Optional<Document> read(Path file) {
        long limit = config.client().bodyLimit();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            report.broken(Cause.INTERNAL_ERROR, file + " is no file that can be read as a whole");
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, limit + 1));
            if (bytes.length > limit) {
                report.fail(Cause.BODY_TOO_LARGE, file + " is larger than " + Sizes.format(limit) + " (body_limit)");
                return Optional.empty();
            }
            return Optional.of(config.format().read(bytes, file.toString()));
        } catch (NoSuchFileException _) {
            report.fail(Cause.CONFIG_DRIFT, "the file " + file + " is not there");
        } catch (AccessDeniedException _) {
            report.broken(Cause.NO_PERMISSION, "no permission to read " + file);
        } catch (IOException e) {
            report.broken(Cause.INTERNAL_ERROR, "cannot read " + file + ": " + e.getMessage());
        } catch (Unreadable e) {
            unreadable(report, file.toString(), e);
        }
        return Optional.empty();
    }

    private void unreadable(Report.Builder part, String what, Unreadable e) {
        part.fail(
                e.isTooLarge() ? Cause.BODY_TOO_LARGE : Cause.JSON_INVALID,
                session.redaction().line(what + " cannot be read: " + e.words()));
    }
}
