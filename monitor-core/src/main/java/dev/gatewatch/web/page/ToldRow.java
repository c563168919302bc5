package dev.gatewatch.web.page;

import dev.gatewatch.view.NoticeLog.Told;

/**
 * How far a channel was told of an alert, as its card shows it. Immutable.
 *
 * @param at when it was told, given up or will be tried; the page shows it in the reader's time
 * @param before what stands before the time
 * @param after what stands right behind it
 * @param tone {@code pass}, {@code waiting} or {@code fail}
 */
public record ToldRow(String channel, String before, String at, String after, String tone) {
    static ToldRow of(Told told) {
        String at = told.at().toString();
        return switch (told.state()) {
            case SENT -> new ToldRow(told.channel(), "", at, told.attempts() > 1 ? " after " + told.attempts() + " attempts" : "", "pass");
            case SENDING -> new ToldRow(told.channel(), "being told", "", "", "waiting");
            case QUEUED ->
                new ToldRow(told.channel(), told.attempts() == 0 ? "waits" : "not yet, again at", told.attempts() == 0 ? "" : at, why(told), "waiting");
            case DEAD -> new ToldRow(told.channel(), "given up", at, why(told), "fail");
        };
    }

    private static String why(Told told) {
        return told.lastError().isEmpty() ? "" : ": " + told.lastError();
    }
}
