package dev.gatewatch.alerting.alert;

import dev.gatewatch.view.AlertView;

/**
 * Hears of alerts as they come and go. Called on the judge's thread while it judges, before what it decided is stored; quick, and never
 * throws. The end of an alert comes after its beginning, by the same id.
 */
public interface Chronicle {
    /** Nobody hears of them. */
    Chronicle NONE = new Chronicle() {
        @Override
        public void fired(AlertView alert) {}

        @Override
        public void ended(AlertView alert) {}
    };

    /** An alert has begun to fire. */
    void fired(AlertView alert);

    /** An alert that fired has ended. */
    void ended(AlertView alert);
}
