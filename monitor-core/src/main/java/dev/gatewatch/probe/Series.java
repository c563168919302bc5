package dev.gatewatch.probe;

/**
 * Whose results belong together: one probe in one region, run at one location. Immutable.
 *
 * @param region empty for a probe without regions
 */
public record Series(String probe, String region, String location) {
    /** As people write it: {@code checkout}, or {@code checkout@eu}. */
    public String display() {
        return region.isEmpty() ? probe : probe + "@" + region;
    }
}
