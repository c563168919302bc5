package dev.gatewatch.probes.dns;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Whether and by what keys signatures are checked. Immutable.
 *
 * @param anchors the trusted keys, DS and DNSKEY records as in a zone file
 * @param required whether what is provably not signed fails
 * @param minLeft signatures of the zone that end sooner degrade the run
 */
record DnssecSettings(String anchors, boolean required, Duration minLeft) {
    private static final Key<Path> TRUST_ANCHORS = Key.optional(
            "trust_anchors",
            Types.readableFile(),
            "File of the keys to trust, DS or DNSKEY records as in a zone file; instead of the root's, as IANA publishes them.");
    private static final Key<Boolean> REQUIRED = Key.withDefault(
            "required",
            Types.bool(),
            true,
            "true",
            "Whether a zone that is not signed, or whose parent has no DS record for it, fails; otherwise only wrong signatures do.");
    private static final Key<Duration> MIN_LEFT = Key.withDefault(
            "min_left",
            Types.duration(Duration.ZERO, Duration.ofDays(365)),
            Duration.ofDays(2),
            "2d",
            "The run is degraded when a signature of the zone ends sooner: signing may have stopped. 0 for never.");

    static final SectionType<DnssecSettings> TYPE =
            SectionType.of("dnssec", List.of(TRUST_ANCHORS, REQUIRED, MIN_LEFT), DnssecSettings::read);

    private static DnssecSettings read(Section section) {
        return new DnssecSettings(
                section.find(TRUST_ANCHORS).map(file -> anchors(section, file)).orElseGet(DnssecSettings::root),
                section.get(REQUIRED),
                section.get(MIN_LEFT));
    }

    private static String anchors(Section section, Path file) {
        try {
            String text = Files.readString(file);
            if (keys(text) == 0) {
                section.problem(TRUST_ANCHORS, "no DS or DNSKEY record in " + file + "; dnssec-dsfromkey makes one from a zone's key");
            }
            return text;
        } catch (IOException e) {
            section.problem(TRUST_ANCHORS, "not a file of DS or DNSKEY records: " + file + ": " + e.getMessage());
            return "";
        }
    }

    private static int keys(String text) throws IOException {
        int keys = 0;
        try (var master = new Master(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Name.root, 0)) {
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                keys += record.getType() == Type.DS || record.getType() == Type.DNSKEY ? 1 : 0;
            }
        }
        return keys;
    }

    /** IANA's keys of the root zone. */
    private static String root() {
        try (InputStream in = DnssecSettings.class.getResourceAsStream("root-anchors.txt")) {
            if (in == null) {
                throw new IllegalStateException("root-anchors.txt is missing from this program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
