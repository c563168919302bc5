package dev.gatewatch.sandbox;

/** What answers requests. Called on a thread of the request's connection, by many at once. */
interface Handler {
    Response handle(Request request, Caller caller) throws InterruptedException;

    /** The client at the other end of the connection. */
    interface Caller {
        /**
         * Runs something that takes long, and gives up with an {@link InterruptedException} as soon as the client hangs up, so that
         * clients without patience leave nothing behind.
         */
        void whileConnected(Waiting waiting) throws InterruptedException;
    }

    /** Something that takes long. */
    interface Waiting {
        void await() throws InterruptedException;
    }
}
