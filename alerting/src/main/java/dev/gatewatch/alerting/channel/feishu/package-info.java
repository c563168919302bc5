/** The {@code feishu} channel: cards of a Feishu (Lark) group robot. */
@NullMarked
package dev.gatewatch.alerting.channel.feishu;

import org.jspecify.annotations.NullMarked;
