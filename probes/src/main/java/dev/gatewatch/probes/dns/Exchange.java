package dev.gatewatch.probes.dns;

import dev.gatewatch.probe.Cause;
import dev.gatewatch.probe.Deadline;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.WireParseException;

/** One question on its way to one resolver. A truncated answer over UDP is asked again over TCP (RFC 7766 §5). Confined to a run. */
final class Exchange {
    private final ResolverAddress resolver;
    private final Record question;
    private final CompletableFuture<Message> pending;
    private final long startNanos;
    private volatile long endNanos;

    private Exchange(ResolverAddress resolver, Record question, CompletableFuture<Message> pending) {
        this.resolver = resolver;
        this.question = question;
        this.startNanos = System.nanoTime();
        this.pending = pending.whenComplete((_, _) -> endNanos = System.nanoTime());
    }

    /** Sends; the reply is awaited by {@link #reply}, so that several resolvers are asked at once. */
    static Exchange begin(ResolverAddress resolver, Record question, boolean recursion, boolean tcp, Deadline deadline) {
        CompletableFuture<Message> pending;
        try {
            var client = new SimpleResolver(resolver.resolve());
            client.setTCP(tcp);
            client.setIgnoreTruncation(false);
            client.setTimeout(deadline.left());
            Message query = Message.newQuery(question);
            if (!recursion) {
                query.getHeader().unsetFlag(org.xbill.DNS.Flags.RD);
            }
            pending = client.sendAsync(query, Runnable::run).toCompletableFuture();
        } catch (UnknownHostException e) {
            pending = CompletableFuture.failedFuture(e);
        }
        return new Exchange(resolver, question, pending);
    }

    /** The reply, by the deadline at the latest. */
    Reply reply(Deadline deadline) throws InterruptedException {
        try {
            Message message = pending.get(Math.max(1, deadline.left().toMillis()), TimeUnit.MILLISECONDS);
            return new Reply.Answer(resolver, took(), message, Values.of(message, question.getType()));
        } catch (TimeoutException _) {
            pending.cancel(true);
            return silence(Cause.DNS_TIMEOUT, "no answer in " + took().toMillis() + " ms");
        } catch (ExecutionException e) {
            return failed(e.getCause() == null ? e : e.getCause(), deadline);
        }
    }

    private Reply failed(Throwable e, Deadline deadline) {
        String text = String.valueOf(e.getMessage());
        return switch (e) {
            case UnknownHostException _ -> silence(Cause.DNS_NO_ADDRESS, "the resolver's own name does not resolve");
            case WireParseException _ -> silence(Cause.DNS_MISMATCH, "the answer cannot be understood: " + text);
            case PortUnreachableException _ -> silence(Cause.CONNECT_REFUSED, "nothing listens there");
            case IOException _ when deadline.passed() || text.contains("imed out") || text.contains("imeout") ->
                silence(Cause.DNS_TIMEOUT, "no answer in " + took().toMillis() + " ms");
            case IOException _ when text.contains("efused") || text.contains("nreachable") || e.getCause() instanceof PortUnreachableException ->
                silence(Cause.CONNECT_REFUSED, "nothing listens there");
            case IOException _ -> silence(Cause.DNS_MISMATCH, "the exchange failed: " + text);
            default -> throw new IllegalStateException("asking " + resolver + " failed", e);
        };
    }

    private Reply silence(Cause cause, String why) {
        return new Reply.Silence(resolver, took(), cause, why);
    }

    private Duration took() {
        long end = endNanos;
        return Duration.ofNanos((end == 0 ? System.nanoTime() : end) - startNanos);
    }
}
