package dev.gatewatch.probes.revocation;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The lists that were fetched and verified lately, so that not every run of a probe downloads megabytes. Belongs to one probe and ends
 * with it; what a run reports would be the same without it, but for a list that was replaced before its time. Bounded in bytes: the
 * list used longest ago goes first. Safe for many threads.
 */
final class CrlCache {
    private final long mostBytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    CrlCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * A list whose signature holds.
     *
     * @param issuer whose signature
     * @param fetched when it was had, or last found unchanged, by the run's clock
     */
    record Entry(
            Crl crl, X509Certificate issuer, Instant fetched, Optional<String> etag, Optional<String> lastModified) {}

    synchronized Optional<Entry> get(String url) {
        return Optional.ofNullable(entries.get(url));
    }

    synchronized void put(String url, Entry entry) {
        remove(url);
        if (entry.crl().size() > mostBytes) {
            return;
        }
        entries.put(url, entry);
        bytes += entry.crl().size();
        var oldest = entries.entrySet().iterator();
        while (bytes > mostBytes && oldest.hasNext()) {
            bytes -= oldest.next().getValue().crl().size();
            oldest.remove();
        }
    }

    private void remove(String url) {
        Entry before = entries.remove(url);
        if (before != null) {
            bytes -= before.crl().size();
        }
    }
}
