package dev.gatewatch.web;

import java.time.Instant;

/** Which daemon this is. Immutable. */
public record DaemonInfo(String version, String location, Instant startedAt) {}
