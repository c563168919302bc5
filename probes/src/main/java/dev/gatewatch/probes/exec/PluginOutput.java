package dev.gatewatch.probes.exec;

/**
 * What a plugin prints, taken apart: a first line for people, more text, and performance data behind the first {@code |} of the first
 * line and of what follows (Nagios Plugin API). Immutable.
 */
record PluginOutput(String firstLine, String longText, PerfData perfData) {
    static PluginOutput of(String output) {
        int end = output.indexOf('\n');
        String first = end < 0 ? output : output.substring(0, end);
        String rest = end < 0 ? "" : output.substring(end + 1);
        int bar = first.indexOf('|');
        int laterBar = rest.indexOf('|');
        String perf = (bar < 0 ? "" : first.substring(bar + 1)) + " " + (laterBar < 0 ? "" : rest.substring(laterBar + 1));
        return new PluginOutput(
                bar < 0 ? first : first.substring(0, bar), laterBar < 0 ? rest : rest.substring(0, laterBar), PerfData.of(perf));
    }
}
