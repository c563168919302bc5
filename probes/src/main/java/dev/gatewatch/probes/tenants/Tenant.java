package dev.gatewatch.probes.tenants;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Node;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.probes.identity.Identity;
import java.util.stream.Stream;

/**
 * One of those who must not see each other's. Immutable.
 *
 * @param hiddenMarker whether a secret went into the marker
 */
record Tenant(Identity identity, Marker marker, boolean hiddenMarker) {
    private static final Key<Marker> MARKER = Key.required(
            "marker",
            Marker.type(),
            "What every answer to this tenant holds, and no answer to another: a text that may stand anywhere in body or headers,"
                    + " or a mapping that says where to look.");

    static final SectionType<Tenant> TYPE = SectionType.of(
            "identity", Stream.concat(Identity.KEYS.stream(), Stream.of(MARKER)).toList(), Tenant::read);

    private static Tenant read(Section section) {
        return new Tenant(Identity.read(section), section.get(MARKER), isSecret(section.at(MARKER)));
    }

    private static boolean isSecret(Node node) {
        return switch (node) {
            case Node.Scalar s -> s.secret();
            case Node.Items items -> items.items().stream().anyMatch(Tenant::isSecret);
            case Node.Fields fields -> fields.fields().values().stream().anyMatch(Tenant::isSecret);
        };
    }
}
