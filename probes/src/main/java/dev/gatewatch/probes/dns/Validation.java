package dev.gatewatch.probes.dns;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probes.nameserver.Access;
import dev.gatewatch.probes.nameserver.Asking;
import dev.gatewatch.probes.nameserver.NameServer;
import dev.gatewatch.probes.nameserver.Query;
import dev.gatewatch.probes.nameserver.Rcodes;
import dev.gatewatch.probes.nameserver.Reply;
import dev.gatewatch.probes.net.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.dnssec.ValidatingResolver;

/**
 * Checks the signatures behind an answer from the trusted keys down (RFC 4035 section 5), with what a resolver hands out when told not
 * to check by itself. Nothing is kept from one check to the next. Confined to one run; its questions run on threads of their own.
 */
final class Validation {
    /** A chain of so many questions is no chain of trust. */
    private static final int MOST_QUESTIONS = 100;

    enum Status {
        /** Signed, and the signatures hold. */
        SECURE,
        /** Provably not signed. */
        INSECURE,
        /** Signed, and the signatures do not hold. */
        BOGUS,
        /** Could not be found out. */
        UNDECIDED
    }

    /**
     * What came of a check. Immutable.
     *
     * @param reason of all but {@link Status#SECURE}
     * @param zone signatures by the zones that the answer is in
     * @param all signatures of the chain
     * @param failure why it is undecided
     */
    record Verdict(Status status, String reason, Signatures zone, Signatures all, Optional<Failure> failure) {}

    private final NameServer server;
    private final Access access;
    private final Deadline deadline;
    private final Clock clock;

    /** Guarded by itself. */
    private final List<Message> seen = new ArrayList<>();

    /** Guarded by {@link #seen}: the first question that got no answer. */
    private Optional<Failure> unanswered = Optional.empty();

    private Validation(NameServer server, Access access, Deadline deadline, Clock clock) {
        this.server = server;
        this.access = access;
        this.deadline = deadline;
        this.clock = clock;
    }

    /** Checks the answer to a question, asking this server. */
    static Verdict check(
            NameServer server, Query query, Access access, DnssecSettings settings, Deadline deadline, Clock clock)
            throws InterruptedIOException {
        return new Validation(server, access, deadline, clock).check(query, settings);
    }

    private Verdict check(Query query, DnssecSettings settings) throws InterruptedIOException {
        ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dnssec-", 0).factory());
        try {
            var validator = new ValidatingResolver(new Head(threads), clock);
            validator.loadTrustAnchors(
                    new ByteArrayInputStream(settings.anchors().getBytes(StandardCharsets.UTF_8)));
            Message asked = Message.newQuery(Record.newRecord(query.name(), query.type(), query.dclass()));
            Message answer = validator
                    .sendAsync(asked)
                    .toCompletableFuture()
                    .get(Math.max(1, deadline.left().toNanos()), TimeUnit.NANOSECONDS);
            return verdict(answer);
        } catch (TimeoutException _) {
            return undecided(unanswered().orElseGet(() -> new Failure(Cause.DNS_TIMEOUT, "it took too long")));
        } catch (ExecutionException e) {
            return undecided(unanswered().orElseThrow(() -> new IllegalStateException("checking signatures failed", e.getCause())));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while checking signatures");
        } catch (IOException e) {
            throw new IllegalStateException("the trust anchors were read before", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Verdict verdict(Message answer) {
        String reason = reason(answer);
        Optional<Failure> failure = unanswered().or(this::refused);
        if (failure.isPresent()) {
            return undecided(failure.get());
        }
        Status status = answer.getHeader().getFlag(Flags.AD)
                ? Status.SECURE
                : answer.getRcode() == Rcode.SERVFAIL || Rcodes.saysBogus(answer) ? Status.BOGUS : Status.INSECURE;
        return new Verdict(status, reason, zone(), all(), Optional.empty());
    }

    private Verdict undecided(Failure failure) {
        return new Verdict(Status.UNDECIDED, failure.message(), zone(), all(), Optional.of(failure));
    }

    private Signatures all() {
        synchronized (seen) {
            return Signatures.of(seen);
        }
    }

    private Signatures zone() {
        synchronized (seen) {
            return seen.isEmpty() ? Signatures.NONE : Signatures.of(seen).sameSigners(Signatures.of(seen.subList(0, 1)));
        }
    }

    private Optional<Failure> unanswered() {
        synchronized (seen) {
            return unanswered;
        }
    }

    /** A server that fails even where it shall not check has nothing that could be checked. */
    private Optional<Failure> refused() {
        synchronized (seen) {
            return seen.stream()
                    .filter(m -> m.getRcode() != Rcode.NOERROR && m.getRcode() != Rcode.NXDOMAIN)
                    .findFirst()
                    .map(m -> new Failure(
                            Rcodes.cause(m),
                            "it answers " + Rcode.string(m.getRcode()) + " for "
                                    + Query.of(m.getQuestion().getName(), m.getQuestion().getType())));
        }
    }

    private static String reason(Message answer) {
        return answer.getSection(Section.ADDITIONAL).stream()
                .filter(r -> r.getDClass() == ValidatingResolver.VALIDATION_REASON_QCLASS && r instanceof TXTRecord)
                .map(r -> String.join("", ((TXTRecord) r).getStrings()))
                .findFirst()
                .orElse("");
    }

    private Message ask(Message asked) throws IOException {
        synchronized (seen) {
            if (seen.size() >= MOST_QUESTIONS) {
                unanswered = Optional.of(new Failure(Cause.DNSSEC_BOGUS, "the chain of trust takes more than " + MOST_QUESTIONS + " questions"));
                throw new IOException("too many questions");
            }
        }
        Record question = asked.getQuestion();
        var query = new Query(question.getName(), question.getType(), question.getDClass(), true, true, true, true);
        return switch (Asking.ask(server, query, access, deadline, clock.instant())) {
            case Reply.Answer answer -> {
                synchronized (seen) {
                    seen.add(answer.message());
                }
                yield answer.message().clone();
            }
            case Reply.Silence silence -> {
                synchronized (seen) {
                    unanswered = unanswered.or(() -> Optional.of(
                            new Failure(silence.failure().cause(), query + ": " + silence.failure().message())));
                }
                throw new IOException(silence.failure().message());
            }
        };
    }

    /** The validator's way to the server. */
    private final class Head implements Resolver {
        private final Executor threads;

        Head(Executor threads) {
            this.threads = threads;
        }

        @Override
        public CompletionStage<Message> sendAsync(Message query) {
            return sendAsync(query, threads);
        }

        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor ignored) {
            var answer = new CompletableFuture<Message>();
            try {
                threads.execute(() -> {
                    try {
                        answer.complete(ask(query));
                    } catch (IOException | RuntimeException e) { // handed to the asker
                        answer.completeExceptionally(e);
                    }
                });
            } catch (RejectedExecutionException e) {
                answer.completeExceptionally(e);
            }
            return answer;
        }

        @Override
        public Duration getTimeout() {
            return deadline.left();
        }

        // what follows is the deadline's, the server's and the question's to say

        @Override
        public void setPort(int port) {}

        @Override
        public void setTCP(boolean flag) {}

        @Override
        public void setIgnoreTruncation(boolean flag) {}

        @Override
        public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

        @Override
        public void setTSIGKey(TSIG key) {}

        @Override
        public void setTimeout(Duration timeout) {}
    }
}
