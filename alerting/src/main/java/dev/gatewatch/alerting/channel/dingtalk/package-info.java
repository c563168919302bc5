/** The {@code dingtalk} channel: cards of a DingTalk group robot. */
@NullMarked
package dev.gatewatch.alerting.channel.dingtalk;

import org.jspecify.annotations.NullMarked;
