package dev.gatewatch.engine;

import dev.gatewatch.config.Node;
import dev.gatewatch.config.Node.Fields;
import dev.gatewatch.config.Node.Items;
import dev.gatewatch.config.Node.Scalar;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums up what a probe was configured with: equal for equal configurations, however their keys are ordered, and different otherwise.
 * Secrets go in as part of the hash only. Confined to the reading thread.
 */
final class Fingerprint {
    private final MessageDigest digest;

    Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Adds a text; its length goes first, so that two texts never look like one. */
    Fingerprint add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
        return this;
    }

    Fingerprint add(Map<?, String> texts) {
        add("map " + texts.size());
        texts.forEach((key, value) -> add(key.toString()).add(value));
        return this;
    }

    Fingerprint add(Node node) {
        switch (node) {
            case Scalar scalar -> add(scalar.tag() == Node.Tag.NULL ? "null" : "text").add(scalar.text());
            case Items list -> {
                add("list " + list.items().size());
                list.items().forEach(this::add);
            }
            case Fields mapping -> {
                add("map " + mapping.fields().size());
                new TreeMap<>(mapping.fields()).forEach((key, value) -> add(key).add(value));
            }
        }
        return this;
    }

    /** 64 hex digits. */
    String text() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
