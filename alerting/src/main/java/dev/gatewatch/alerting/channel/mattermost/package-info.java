/** The {@code mattermost} channel: attachments through a Mattermost webhook. */
@NullMarked
package dev.gatewatch.alerting.channel.mattermost;

import org.jspecify.annotations.NullMarked;
