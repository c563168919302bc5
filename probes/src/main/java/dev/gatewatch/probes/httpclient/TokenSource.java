package dev.gatewatch.probes.httpclient;

import dev.gatewatch.config.Secret;
import dev.gatewatch.probe.Deadline;
import dev.gatewatch.probe.Run;
import java.io.InterruptedIOException;

/** Where access tokens come from; kept and renewed over the runs of all probes that share it. Safe for many threads. */
public interface TokenSource {
    /**
     * A token that is valid now, from memory or from the token endpoint.
     *
     * @param run the run that needs it; its {@link Deadline} bounds the wait
     * @throws ProbeFailure with a {@code token_…} cause when none can be had
     * @throws InterruptedIOException when the run was interrupted
     */
    Secret token(Run run) throws ProbeFailure, InterruptedIOException;

    /**
     * Gives up a token that a target refused, so that the next {@link #token} asks for another. Does nothing where it was replaced
     * already.
     */
    void refused(Secret token);
}
