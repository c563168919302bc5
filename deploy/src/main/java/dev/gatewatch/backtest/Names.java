package dev.gatewatch.backtest;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds a series by the bytes of its names in a line, without making a text of them. Confined to one thread. */
final class Names {
    private @Nullable Entry[] table = new Entry[1 << 10];
    private int size;

    private static final class Entry {
        final int hash;
        final byte[][] names;
        final Member member;

        Entry(int hash, byte[][] names, Member member) {
            this.hash = hash;
            this.names = names;
            this.member = member;
        }
    }

    /** The series that was added with the names in this line. */
    @Nullable Member find(Lines lines, Columns columns) {
        int hash = hash(lines, columns);
        for (int i = hash & (table.length - 1); ; i = (i + 1) & (table.length - 1)) {
            Entry entry = table[i];
            if (entry == null) {
                return null;
            }
            if (entry.hash == hash
                    && same(entry.names[0], lines, columns.probe())
                    && same(entry.names[1], lines, columns.region())
                    && same(entry.names[2], lines, columns.location())) {
                return entry.member;
            }
        }
    }

    void add(Lines lines, Columns columns, Member member) {
        if (2 * ++size > table.length) {
            grow();
        }
        put(new Entry(
                hash(lines, columns),
                new byte[][] {
                    bytes(lines, columns.probe()), bytes(lines, columns.region()), bytes(lines, columns.location())
                },
                member));
    }

    private void grow() {
        @Nullable Entry[] before = table;
        table = new Entry[before.length * 2];
        for (Entry entry : before) {
            if (entry != null) {
                put(entry);
            }
        }
    }

    private void put(Entry entry) {
        int i = entry.hash & (table.length - 1);
        while (table[i] != null) {
            i = (i + 1) & (table.length - 1);
        }
        table[i] = entry;
    }

    private static int hash(Lines lines, Columns columns) {
        int hash = hash(lines, columns.probe(), 17);
        hash = hash(lines, columns.region(), hash);
        hash = hash(lines, columns.location(), hash);
        return hash ^ (hash >>> 15);
    }

    private static int hash(Lines lines, int column, int seed) {
        int hash = seed * 31 + 1;
        if (column >= 0) {
            byte[] b = lines.bytes();
            for (int i = lines.start(column); i < lines.end(column); i++) {
                hash = 31 * hash + b[i];
            }
        }
        return hash;
    }

    private static boolean same(byte[] name, Lines lines, int column) {
        return column < 0
                || Arrays.equals(name, 0, name.length, lines.bytes(), lines.start(column), lines.end(column));
    }

    private static byte[] bytes(Lines lines, int column) {
        return column < 0 ? new byte[0] : Arrays.copyOfRange(lines.bytes(), lines.start(column), lines.end(column));
    }
}
