/** What channel types share: plain-English texts, cutting to a receiver's limits, secret addresses, and sending over HTTP. */
@NullMarked
package dev.gatewatch.alerting.channel.support;

import org.jspecify.annotations.NullMarked;
