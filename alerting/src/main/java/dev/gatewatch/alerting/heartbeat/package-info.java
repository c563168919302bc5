/** The dead man's signal: a request at a steady pace for as long as this daemon demonstrably works. */
@NullMarked
package dev.gatewatch.alerting.heartbeat;

import org.jspecify.annotations.NullMarked;
