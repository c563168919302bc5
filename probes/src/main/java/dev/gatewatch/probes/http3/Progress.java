package dev.gatewatch.probes.http3;

/** Hears how far an exchange has come. Called on the caller's thread. */
public interface Progress {
    /** The first packet goes out. */
    void connecting();

    /** The peer has sent a first packet: somebody is there. The handshake goes on. */
    void securing();

    /** The connection stands, and the request is sent. */
    void sending();

    /** The head of the response is there. */
    void answered();
}
