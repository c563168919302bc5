package dev.gatewatch.store;

import dev.gatewatch.probe.Fact;
import dev.gatewatch.probe.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * What a report's phases and facts look like without their numbers: names, texts and flags. The runs of a healthy probe share one for
 * weeks, so the journal keeps it once and only the numbers in each row. Immutable.
 */
record Shape(List<String> phases, List<Slot> facts) {
    private static final int NUMBER = 0;
    private static final int TEXT = 1;
    private static final int FALSE = 2;
    private static final int TRUE = 3;

    /** The stand-in for a number that each row holds itself. */
    private static final Fact VARIES = new Fact.Quantity(0);

    /**
     * A fact's place.
     *
     * @param fixed the fact itself, or {@link #VARIES} for a number
     */
    record Slot(String name, Fact fixed) {
        Slot {
            Objects.requireNonNull(name);
            Objects.requireNonNull(fixed);
        }
    }

    static Shape of(Report report) {
        var slots = new ArrayList<Slot>(report.facts().size());
        report.facts()
                .forEach((name, fact) -> slots.add(new Slot(name, fact instanceof Fact.Quantity ? VARIES : fact)));
        return new Shape(List.copyOf(report.phases().keySet()), List.copyOf(slots));
    }

    void packNumbers(Report report, Packer to) {
        report.phases().values().forEach(took -> to.number(Math.max(0, took.toNanos() / 1_000)));
        for (Fact fact : report.facts().values()) {
            if (fact instanceof Fact.Quantity(double number)) {
                to.decimal(number);
            }
        }
    }

    SequencedMap<String, Duration> unpackPhases(Packer.Reader from) {
        var unpacked = LinkedHashMap.<String, Duration>newLinkedHashMap(phases.size());
        phases.forEach(name -> unpacked.put(name, Duration.ofNanos(from.number() * 1_000)));
        return Collections.unmodifiableSequencedMap(unpacked);
    }

    SequencedMap<String, Fact> unpackFacts(Packer.Reader from) {
        var unpacked = LinkedHashMap.<String, Fact>newLinkedHashMap(facts.size());
        for (Slot slot : facts) {
            unpacked.put(slot.name, slot.fixed instanceof Fact.Quantity ? Fact.of(from.decimal()) : slot.fixed);
        }
        return Collections.unmodifiableSequencedMap(unpacked);
    }

    void pack(Packer to) {
        to.number(phases.size());
        phases.forEach(to::text);
        to.number(facts.size());
        for (Slot slot : facts) {
            to.text(slot.name);
            switch (slot.fixed) {
                case Fact.Quantity _ -> to.put(NUMBER);
                case Fact.Flag(boolean flag) -> to.put(flag ? TRUE : FALSE);
                case Fact.Text(String text) -> {
                    to.put(TEXT);
                    to.text(text);
                }
            }
        }
    }

    static Shape unpack(Packer.Reader from) {
        var phases = new ArrayList<String>();
        for (int n = from.count(); n > 0; n--) {
            phases.add(from.text().intern());
        }
        var facts = new ArrayList<Slot>();
        for (int n = from.count(); n > 0; n--) {
            String name = from.text().intern();
            int kind = from.get();
            facts.add(new Slot(
                    name,
                    switch (kind) {
                        case NUMBER -> VARIES;
                        case FALSE -> new Fact.Flag(false);
                        case TRUE -> new Fact.Flag(true);
                        case TEXT -> new Fact.Text(from.text());
                        default -> throw new IllegalArgumentException("unknown kind of fact " + kind);
                    }));
        }
        return new Shape(List.copyOf(phases), List.copyOf(facts));
    }
}
