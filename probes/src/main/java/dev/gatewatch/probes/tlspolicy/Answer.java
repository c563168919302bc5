package dev.gatewatch.probes.tlspolicy;

import dev.gatewatch.config.Durations;
import dev.gatewatch.probes.net.Failure;
import java.time.Duration;
import java.util.OptionalInt;

/** What a server did with a hello. Immutable. */
sealed interface Answer {
    /** One line for the evidence. */
    String shown();

    /** Whether the server spoke TLS, if only to refuse. */
    default boolean isTls() {
        return false;
    }

    /**
     * It chose from the offer.
     *
     * @param dhBits size of its Diffie-Hellman group, where it sent one
     */
    record Accepted(Protocol version, int suite, OptionalInt dhBits) implements Answer {
        @Override
        public String shown() {
            return version.display() + ", " + Suite.nameOf(suite)
                    + (dhBits.isPresent() ? ", DH group of " + dhBits.getAsInt() + " bits" : "");
        }

        @Override
        public boolean isTls() {
            return true;
        }
    }

    /** It chose what was not offered, such as an older version: a client ends the connection then. */
    record Elsewhere(int version, int suite) implements Answer {
        @Override
        public String shown() {
            return "answers with "
                    + Protocol.of(version).map(Protocol::display).orElseGet(() -> "version 0x%04X".formatted(version))
                    + ", " + Suite.nameOf(suite) + ", which was not offered";
        }

        @Override
        public boolean isTls() {
            return true;
        }
    }

    /** It refused with an alert. */
    record Alerted(int code) implements Answer {
        @Override
        public String shown() {
            return Alerts.shown(code);
        }

        @Override
        public boolean isTls() {
            return true;
        }
    }

    /** It cut the connection. */
    record Reset() implements Answer {
        @Override
        public String shown() {
            return "cut the connection";
        }
    }

    /** It closed the connection. */
    record Closed() implements Answer {
        @Override
        public String shown() {
            return "closed the connection without saying why";
        }
    }

    /** Nothing came for this long. */
    record Silent(Duration waited) implements Answer {
        @Override
        public String shown() {
            return "did not answer within " + Durations.format(waited);
        }
    }

    /** It answered with what is not TLS. */
    record Garbage(String seen) implements Answer {
        @Override
        public String shown() {
            return "answered without TLS: " + seen;
        }
    }

    /** No version that could carry the offer is accepted, so it was not made. */
    record Implied() implements Answer {
        @Override
        public String shown() {
            return "not offered, as no version up to TLS 1.2 is accepted";
        }

        @Override
        public boolean isTls() {
            return true;
        }
    }

    /** The deadline came before its turn. */
    record Unasked() implements Answer {
        @Override
        public String shown() {
            return "not offered: the time was up";
        }
    }

    /** No connection was made, or it ended before the hello. */
    record Unconnected(Failure failure) implements Answer {
        @Override
        public String shown() {
            return failure.message();
        }
    }
}
