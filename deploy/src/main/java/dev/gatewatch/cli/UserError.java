package dev.gatewatch.cli;

/** Something that the user can mend; its message says what and how. Printed without a stack trace. */
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserError(String message) {
        super(message);
    }
}
