package dev.gatewatch.probes.expect;

import dev.gatewatch.probe.Deadline;

/**
 * A text that stops being readable at a deadline: RE2/J needs time linear in text and pattern, which for a large pattern on a large
 * body is still long, and it cannot be interrupted otherwise. Confined to one matching.
 */
public final class BoundedText implements CharSequence {
    /** Reads between two looks at the clock. */
    private static final int STEP = 4_096;

    private final String text;
    private final Deadline deadline;
    private int reads;

    public BoundedText(String text, Deadline deadline) {
        this.text = text;
        this.deadline = deadline;
    }

    /** The deadline passed while a pattern was matched. */
    public static final class TimeUp extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TimeUp() {
            super("no time left to match", null, false, false);
        }
    }

    @Override
    public char charAt(int index) {
        if (++reads % STEP == 0 && (deadline.passed() || Thread.currentThread().isInterrupted())) {
            throw new TimeUp();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
