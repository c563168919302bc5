package dev.gatewatch.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/**
 * The inbox that stands in for Slack: takes what a Slack incoming webhook takes, refuses what it refuses, and keeps the last
 * messages. Safe for many threads.
 */
final class Inbox {
    static final int KEPT = 500;

    /** As a Slack app may: one message a second, and a short burst above it. */
    static final int BURST = 5;

    private static final Duration PER_MESSAGE = Duration.ofSeconds(1);

    /**
     * A message that arrived. Immutable.
     *
     * @param id counts up from 1
     */
    record Message(long id, Instant received, String text, JsonNode payload) {}

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final Deque<Message> newestFirst = new ArrayDeque<>();
    private long count;
    /** When all that was sent would have been sent at one a second: at most {@link #BURST} seconds ahead of now. */
    private Instant paidUntil = Instant.MIN;

    Inbox(Clock clock) {
        this.clock = clock;
    }

    /** Answers a POST to the webhook. */
    Response receive(Request request) {
        String content = request.header("Content-Type").orElse("").startsWith("application/x-www-form-urlencoded")
                ? request.formFields().getOrDefault("payload", "")
                : request.body();
        Optional<JsonNode> payload = Json.object(content);
        if (payload.isEmpty()) {
            return Response.text(400, "invalid_payload");
        }
        Optional<String> wrong = SlackPayload.problem(payload.get(), content.length());
        if (wrong.isPresent()) {
            return Response.text(400, wrong.get());
        }
        lock.lock();
        try {
            Instant now = clock.instant();
            Instant paid = (paidUntil.isBefore(now) ? now : paidUntil).plus(PER_MESSAGE);
            if (paid.isAfter(now.plus(PER_MESSAGE.multipliedBy(BURST)))) {
                return Response.json(429, Map.of("ok", false, "error", "rate_limited", "retry_after", 1))
                        .with("Retry-After", "1");
            }
            paidUntil = paid;
            newestFirst.addFirst(new Message(++count, now, SlackPayload.text(payload.get()), payload.get()));
            if (newestFirst.size() > KEPT) {
                newestFirst.removeLast();
            }
        } finally {
            lock.unlock();
        }
        return Response.text(200, "ok");
    }

    /** The messages kept, newest first. */
    List<Message> messages() {
        lock.lock();
        try {
            return List.copyOf(newestFirst);
        } finally {
            lock.unlock();
        }
    }

    /** The id of the newest message; 0 before the first. */
    long last() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }
}
