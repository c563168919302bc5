/** The {@code wecom} channel: markdown messages of a WeCom group robot. */
@NullMarked
package dev.gatewatch.alerting.channel.wecom;

import org.jspecify.annotations.NullMarked;
