/** Changes that people and pipelines mark: kept in the store, compared from the journal, named by the alerts that follow them. */
@NullMarked
package dev.gatewatch.alerting.change;

import org.jspecify.annotations.NullMarked;
