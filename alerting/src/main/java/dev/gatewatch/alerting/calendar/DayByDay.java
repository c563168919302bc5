package dev.gatewatch.alerting.calendar;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Stretches of one length that begin at local times. Beginnings are made instants a day at a time: where the clock is changed they may
 * come in another order, and fall together.
 */
final class DayByDay implements Iterator<Interval> {
    private final Starts starts;
    private final BiConsumer<LocalDateTime, Consumer<Instant>> instants;
    private final Duration length;
    private final Instant endingAfter;
    private final Deque<Interval> ahead = new ArrayDeque<>();
    private Optional<LocalDateTime> pending;

    /** Local beginnings in their order. */
    interface Starts {
        /** The next one; each is told once. */
        Optional<LocalDateTime> next();
    }

    /**
     * Begins.
     *
     * @param instants tells which instants a local time is
     */
    DayByDay(Starts starts, BiConsumer<LocalDateTime, Consumer<Instant>> instants, Duration length, Instant endingAfter) {
        this.starts = starts;
        this.instants = instants;
        this.length = length;
        this.endingAfter = endingAfter;
        this.pending = starts.next();
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty() && pending.isPresent()) {
            LocalDate day = pending.get().toLocalDate();
            var ofDay = new TreeSet<Instant>();
            while (pending.isPresent() && pending.get().toLocalDate().equals(day)) {
                instants.accept(pending.get(), ofDay::add);
                pending = starts.next();
            }
            for (Instant start : ofDay) {
                if (start.plus(length).isAfter(endingAfter)) {
                    ahead.add(new Interval(start, start.plus(length)));
                }
            }
        }
        return !ahead.isEmpty();
    }

    @Override
    public Interval next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ahead.remove();
    }
}
