package dev.gatewatch.probes.websocket;

import com.google.re2j.Pattern;
import dev.gatewatch.config.Durations;
import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Report;
import dev.gatewatch.probes.httpclient.Redaction;
import dev.gatewatch.probes.net.Connection;
import dev.gatewatch.probes.net.Failure;
import dev.gatewatch.probes.websocket.Frames.Broken;
import dev.gatewatch.probes.websocket.Frames.Event;
import dev.gatewatch.probes.websocket.Frames.Event.Close;
import dev.gatewatch.probes.websocket.Frames.Event.Message;
import dev.gatewatch.probes.websocket.Frames.Event.Pong;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import okio.Buffer;
import okio.ByteString;

/** What is said over one WebSocket. Confined to the run's thread. */
final class Dialogue {
    /** So many of the last messages are kept for evidence, each so long. */
    private static final int KEPT_MESSAGES = 8;

    private static final int KEPT_CHARACTERS = 400;

    /** As much of a message as a message to people quotes. */
    private static final int QUOTED = 80;

    private final WebSocketConfig config;
    private final Frames frames;
    private final Connection connection;
    private final Redaction redaction;
    private final boolean credentialSent;
    private final Report.Builder report;

    /** As they are shown: the messages themselves may be large. */
    private final Deque<String> last = new ArrayDeque<>();

    private long messages;
    private ByteString ping = ByteString.EMPTY;
    private long pinged;
    private boolean closed;
    private String doing = "";
    private int others;
    private Optional<Pattern> awaited = Optional.empty();

    Dialogue(
            WebSocketConfig config,
            Frames frames,
            Connection connection,
            Redaction redaction,
            boolean credentialSent,
            Report.Builder report) {
        this.config = config;
        this.frames = frames;
        this.connection = connection;
        this.redaction = redaction;
        this.credentialSent = credentialSent;
        this.report = report;
    }

    /**
     * Says and hears everything.
     *
     * @return what went wrong; a cut or late peer is thrown instead, see {@link #timedOut} and {@link #cut}
     */
    Optional<Failure> run() throws IOException {
        try {
            if (config.ping()) {
                sendPing();
            }
            for (int i = 0; i < config.steps().size(); i++) {
                Optional<Failure> failure = take(config.steps().get(i), i + 1);
                if (failure.isPresent()) {
                    return failure;
                }
            }
            Optional<Failure> unanswered = awaitPong();
            return unanswered.isPresent() || config.expect().closes().isEmpty() ? unanswered : awaitClose();
        } catch (Broken e) {
            try {
                frames.sendClose(e.code());
            } catch (IOException _) {
                // the peer is at fault already
            }
            return Optional.of(e.failure());
        }
    }

    private void sendPing() throws IOException {
        doing = "sending a ping";
        ping = new Buffer().writeLong(ThreadLocalRandom.current().nextLong()).readByteString();
        pinged = System.nanoTime();
        frames.send(Frames.PING, ping);
    }

    private Optional<Failure> take(Step step, int number) throws IOException, Broken {
        doing = "taking step " + number + " of the dialogue";
        switch (step) {
            case Step.Send(boolean binary, ByteString payload, var _) -> {
                frames.send(binary ? Frames.BINARY : Frames.TEXT, payload);
                return Optional.empty();
            }
            case Step.Expect(Pattern wanted, int most) -> {
                awaited = Optional.of(wanted);
                others = 0;
                while (true) {
                    switch (hear()) {
                        case Message message -> {
                            if (wanted.matcher(message.payload().toByteArray()).find()) {
                                awaited = Optional.empty();
                                return Optional.empty();
                            }
                            if (++others > most) {
                                return Optional.of(mismatch("within " + others + (others == 1 ? " message" : " messages")));
                            }
                        }
                        case Close close -> {
                            return Optional.of(
                                    others == 0
                                            ? CloseVerdict.of(close, doing, credentialSent)
                                            : mismatch("before the server closed with " + CloseVerdict.shown(close)));
                        }
                        case Pong _ -> {
                            // noted in hear()
                        }
                    }
                }
            }
        }
    }

    private Optional<Failure> awaitPong() throws IOException, Broken {
        doing = "waiting for the pong";
        while (ping.size() > 0) {
            if (hear() instanceof Close close) {
                return Optional.of(CloseVerdict.of(close, doing, credentialSent));
            }
        }
        return Optional.empty();
    }

    private Optional<Failure> awaitClose() throws IOException, Broken {
        doing = "waiting for the server to close";
        while (true) {
            if (hear() instanceof Close close) {
                return config.expect().closes().contains(close.code())
                        ? Optional.empty()
                        : Optional.of(new Failure(
                                Cause.CONTENT_MISMATCH,
                                "the server closed with " + CloseVerdict.shown(close) + ", expected "
                                        + config.expect().wantedCloses()));
            }
        }
    }

    private Event hear() throws IOException, Broken {
        connection.checkInterrupted();
        Event event = frames.next();
        switch (event) {
            case Message message -> {
                messages++;
                last.addLast(shown(message));
                if (last.size() > KEPT_MESSAGES) {
                    last.removeFirst();
                }
            }
            case Pong(ByteString payload) -> {
                if (ping.size() > 0 && payload.equals(ping)) {
                    report.fact(WebSocketFacts.PING, (System.nanoTime() - pinged) / 1e9);
                    ping = ByteString.EMPTY;
                }
            }
            case Close close -> {
                closed = true;
                report.fact(WebSocketFacts.CLOSE_CODE, close.code());
                frames.sendClose(close.code() == 1005 ? 1000 : close.code());
            }
        }
        return event;
    }

    /** Whether the server has closed, so that we need not. */
    boolean closed() {
        return closed;
    }

    /** What it means that the deadline passed. */
    Failure timedOut() {
        String within = "within " + Durations.format(connection.deadline().timeout());
        if (awaited.isPresent() && others > 0) {
            return mismatch(within);
        }
        return new Failure(
                Cause.RESPONSE_TIMEOUT,
                (awaited.isPresent() ? "no message came " + within : "nothing came " + within) + " while " + doing);
    }

    /** What it means that the connection ended without a closing handshake. */
    Failure cut() {
        return new Failure(
                Cause.CONNECTION_RESET, "the server cut the connection without a close frame (1006) while " + doing);
    }

    private Failure mismatch(String when) {
        report.fact(WebSocketFacts.FAILED_DUE_TO_REGEX, true);
        String quoted = last.getLast();
        return new Failure(
                Cause.CONTENT_MISMATCH,
                "expected a message with /" + awaited.map(Pattern::pattern).orElse("") + "/ " + when + " while " + doing
                        + ", the last was: "
                        + (quoted.length() <= QUOTED ? quoted : quoted.substring(0, QUOTED) + "…"));
    }

    private String shown(Message message) {
        if (message.binary()) {
            ByteString head = message.payload().substring(0, Math.min(32, message.payload().size()));
            return message.payload().size() + " bytes " + head.hex();
        }
        ByteString head =
                message.payload().substring(0, Math.min(4 * KEPT_CHARACTERS, message.payload().size()));
        String line = redaction.line(head.utf8());
        return line.length() <= KEPT_CHARACTERS ? line : line.substring(0, KEPT_CHARACTERS) + "…";
    }

    /** Tells what was heard; the messages themselves only for a run that does not pass. */
    void tell(boolean failed) {
        report.fact(WebSocketFacts.MESSAGES, (double) messages);
        if (failed && !last.isEmpty()) {
            var text = new StringBuilder();
            last.forEach(message -> text.append(message).append('\n'));
            report.evidence(messages > last.size() ? "last messages of " + messages : "messages", text.toString().strip());
        }
    }

    /** Waits a moment for the server's own close, as a polite client does. */
    void leave(Duration most) throws IOException {
        if (!closed) {
            frames.sendClose(1000);
        }
        long until = System.nanoTime() + most.toNanos();
        try {
            while (!closed && System.nanoTime() < until) {
                closed = frames.next() instanceof Close;
            }
        } catch (Broken _) {
            // what it says now does not matter
        }
    }
}
