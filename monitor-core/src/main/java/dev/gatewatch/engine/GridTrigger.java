package dev.gatewatch.engine;

import java.util.Date;
import org.quartz.Calendar;
import org.quartz.Trigger;
import org.quartz.impl.triggers.SimpleTriggerImpl;

/**
 * A Quartz trigger on a fixed grid that never makes up for more than one missed instant: after a stall it fires once and goes on at the
 * next instant to come. Quartz's own simple trigger fires for each missed instant, or moves its grid.
 */
@SuppressWarnings("JavaUtilDate") // Quartz speaks it
final class GridTrigger extends SimpleTriggerImpl {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /**
     * A trigger.
     *
     * @param first when it fires first, on the grid or not; then on the grid
     */
    GridTrigger(String key, long first, long interval, long offset) {
        this.offset = offset;
        setName(key);
        setJobName(key);
        setStartTime(new Date(first));
        setRepeatInterval(interval);
        setRepeatCount(REPEAT_INDEFINITELY);
        // late is better than never: fire, however late
        setMisfireInstruction(Trigger.MISFIRE_INSTRUCTION_IGNORE_MISFIRE_POLICY);
    }

    @Override
    public void triggered(Calendar calendar) {
        triggeredAt(System.currentTimeMillis());
    }

    /** Quartz hands this instant's firing over. Quartz fires up to 2 ms early, hence the larger of the two times. */
    void triggeredAt(long now) {
        Date fired = getNextFireTime();
        setPreviousFireTime(fired);
        setNextFireTime(new Date(Grid.next(Math.max(now, fired.getTime()), getRepeatInterval(), offset)));
    }

    @Override
    public void updateAfterMisfire(Calendar calendar) {
        // see the misfire instruction
    }

    @Override
    public boolean hasAdditionalProperties() {
        return true;
    }
}
