/** What a channel is: the SPI that channel types implement, and the values that travel to them. */
@NullMarked
package dev.gatewatch.alerting.channel;

import org.jspecify.annotations.NullMarked;
