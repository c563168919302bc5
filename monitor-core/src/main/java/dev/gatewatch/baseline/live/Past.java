package dev.gatewatch.baseline.live;

import dev.gatewatch.view.Bands;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What a baseline was: its band over the last day, for the chart, and its level over four weeks, for the drift. Kept beside it in the
 * store, so that a restart leaves no hole. Immutable.
 */
record Past(Bands bands, Levels levels) {
    static final Past NONE = new Past(Bands.NONE, Levels.NONE);

    private static final byte VERSION = 1;

    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(1 + bands.size() + levels.size());
        out.put(VERSION);
        bands.write(out);
        levels.write(out);
        return out.array();
    }

    /** One that was kept; what cannot be read is forgotten, as nothing is judged by it. */
    static Past fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return in.get() == VERSION ? new Past(Bands.read(in), Levels.read(in)) : NONE;
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            return NONE;
        }
    }
}
