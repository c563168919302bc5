package dev.gatewatch.alerting.channel.support;

import dev.gatewatch.alerting.channel.Delivery;
import java.util.Optional;
import java.util.function.Function;

/** What an HTTP status means for a delivery, where the receiver's own convention says nothing else. */
public final class Verdict {
    private Verdict() {}

    /**
     * The verdict.
     *
     * <p>A person must mend the channel's configuration when the receiver asks who we are, forbids, does not know the address or sends
     * us elsewhere: other messages would fare no better. Other 4xx are about the one message.
     */
    public static Delivery of(HttpReply reply) {
        return switch (reply) {
            case HttpReply.Silence silence ->
                new Delivery.Retry(silence.reason(), Optional.empty(), silence.mayHaveArrived());
            case HttpReply.Answer answer -> of(answer);
        };
    }

    /** The same for receivers whose 2xx may still be a refusal. */
    public static Delivery of(HttpReply reply, Function<HttpReply.Answer, Delivery> accepted) {
        return reply instanceof HttpReply.Answer answer && answer.ok() ? accepted.apply(answer) : of(reply);
    }

    /** For a 2xx from something that is not the receiver (a portal, another service): it would swallow every notice. */
    public static Delivery notFrom(String receiver, HttpReply.Answer answer) {
        return new Delivery.Broken(answer.inWords() + " (not an answer of " + receiver + ": is the address right?)");
    }

    private static Delivery of(HttpReply.Answer answer) {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return new Delivery.Delivered();
        }
        if (status >= 300 && status < 400) {
            return new Delivery.Broken(answer.inWords() + " (a redirect, which is not followed: configure the address it leads to)");
        }
        return switch (status) {
            case 408, 425, 429 -> new Delivery.Retry(answer.inWords(), answer.retryAfter());
            // a gateway lost its server's answer: the server may have acted on the request
            case 502, 504 -> new Delivery.Retry(answer.inWords(), answer.retryAfter(), true);
            case 401, 403, 404, 405, 407, 410 -> new Delivery.Broken(answer.inWords());
            default ->
                status >= 500
                        ? new Delivery.Retry(answer.inWords(), answer.retryAfter())
                        : new Delivery.Refused(answer.inWords());
        };
    }
}
