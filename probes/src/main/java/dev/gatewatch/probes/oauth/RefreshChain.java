package dev.gatewatch.probes.oauth;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Memory;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The refresh tokens that followed the configured one, of which only the last is good (RFC 9700, 4.14.2). Kept sealed in the memory of
 * every series that uses the client, so that it outlives a restart. Safe for many threads.
 */
final class RefreshChain {
    private final String memoryKey;
    private final Secret configured;
    private final SealedText seal;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private @Nullable Link last;
    private @Nullable Secret dead;

    /** A token that a server handed out, as it is remembered. */
    private record Link(Secret token, Instant at, String sealed) {}

    /**
     * A chain that begins with the configured token.
     *
     * @param client whose it is, as one series may use several
     */
    RefreshChain(String client, Secret configured) {
        this.memoryKey = "oauth.refresh." + client;
        this.configured = configured;
        this.seal = new SealedText(configured);
    }

    /** The token to use now: the newest of what we hold and what the series remembers. */
    Secret current(Memory memory) {
        lock.lock();
        try {
            learn(memory);
            return last == null ? configured : last.token();
        } finally {
            lock.unlock();
        }
    }

    /** The server handed out the next one. */
    void rotated(Secret token, Instant at, Memory memory) {
        String text = at.toEpochMilli() + "\n" + token.reveal();
        lock.lock();
        try {
            last = new Link(token, at, seal.seal(text));
            memory.put(memoryKey, last.sealed());
        } finally {
            lock.unlock();
        }
    }

    /** A token of ours was refused: whether the configured one is still to be tried. */
    boolean restart(Secret refused, Memory memory) {
        lock.lock();
        try {
            if (last == null || !last.token().equals(refused)) {
                return false;
            }
            last = null;
            dead = refused;
            memory.remove(memoryKey);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a series remember what another's run brought. */
    void share(Memory memory) {
        lock.lock();
        try {
            learn(memory);
            if (last != null && memory.get(memoryKey).filter(last.sealed()::equals).isEmpty()) {
                memory.put(memoryKey, last.sealed());
            }
        } finally {
            lock.unlock();
        }
    }

    private void learn(Memory memory) {
        Optional<String> sealed = memory.get(memoryKey);
        if (sealed.isEmpty() || (last != null && last.sealed().equals(sealed.get()))) {
            return;
        }
        seal.open(sealed.get())
                .flatMap(text -> link(text, sealed.get()))
                .filter(link -> dead == null || !dead.equals(link.token()))
                .filter(link -> last == null || link.at().isAfter(last.at()))
                .ifPresent(link -> last = link);
    }

    private static Optional<Link> link(String text, String sealed) {
        int line = text.indexOf('\n');
        try {
            return Optional.of(new Link(
                    new Secret(text.substring(line + 1)),
                    Instant.ofEpochMilli(Long.parseLong(text.substring(0, Math.max(line, 0)))),
                    sealed));
        } catch (NumberFormatException | DateTimeException _) {
            return Optional.empty();
        }
    }
}
