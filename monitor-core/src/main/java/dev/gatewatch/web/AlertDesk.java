package dev.gatewatch.web;

import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.Handling.Acknowledgement;
import dev.gatewatch.view.MaintenanceView;
import dev.gatewatch.view.SilenceView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What people do about alerts. Called on request threads, many at once; each call is durable when it returns and shows in the snapshot
 * after the next batch, about a second later.
 *
 * <p>Bad input is answered with an {@link IllegalArgumentException} whose message is a sentence for the caller.
 */
public interface AlertDesk {
    /**
     * Somebody takes care of an open alert.
     *
     * @param alert an alert's id, or its fingerprint for the one that is open
     * @param comment may be empty
     * @return empty where no such alert is open
     */
    Optional<Acknowledgement> acknowledge(String alert, String by, String comment);

    /** Takes that back; whether there was anything to take back. */
    boolean withdraw(String alert);

    /** Those that are or will be in force, and those that ended in the last week; newest first. */
    List<SilenceView> silences();

    /** A silence to make. */
    record SilenceRequest(List<String> matchers, Instant startsAt, Instant endsAt, String by, String comment) {
        public SilenceRequest {
            matchers = List.copyOf(matchers);
        }
    }

    SilenceView silence(SilenceRequest request);

    /** The open alerts that a silence with these matchers would be about; makes nothing. */
    List<AlertView> covered(List<String> matchers);

    /** Ends a silence now; empty where there is none with this id that is not over. */
    Optional<SilenceView> expire(String id);

    List<MaintenanceView> maintenance();

    /**
     * Takes in what another Alertmanager tells through its webhook.
     *
     * @param body the payload, version 4
     * @return how many alerts it was about
     */
    int inbound(byte[] body);

    /** Puts a notice that was given up back into its channel's queue; whether there was one. */
    boolean revive(long notice);

    /** How a test of a channel went. */
    record ChannelTest(boolean delivered, String said) {}

    /** Sends a message that says it is a test; empty where no channel has this name. */
    Optional<ChannelTest> testChannel(String channel) throws InterruptedException;

    /** The changes that alerts name. */
    default ChangeDesk changes() {
        return ChangeDesk.NONE;
    }

    /** Where there are no alerts: knows none, takes nothing. */
    AlertDesk NONE = new AlertDesk() {
        private static IllegalArgumentException nothing() {
            return new IllegalArgumentException("this daemon has no alerts");
        }

        @Override
        public Optional<Acknowledgement> acknowledge(String alert, String by, String comment) {
            return Optional.empty();
        }

        @Override
        public boolean withdraw(String alert) {
            return false;
        }

        @Override
        public List<SilenceView> silences() {
            return List.of();
        }

        @Override
        public SilenceView silence(SilenceRequest request) {
            throw nothing();
        }

        @Override
        public List<AlertView> covered(List<String> matchers) {
            throw nothing();
        }

        @Override
        public Optional<SilenceView> expire(String id) {
            return Optional.empty();
        }

        @Override
        public List<MaintenanceView> maintenance() {
            return List.of();
        }

        @Override
        public int inbound(byte[] body) {
            throw nothing();
        }

        @Override
        public boolean revive(long notice) {
            return false;
        }

        @Override
        public Optional<ChannelTest> testChannel(String channel) {
            return Optional.empty();
        }
    };
}
