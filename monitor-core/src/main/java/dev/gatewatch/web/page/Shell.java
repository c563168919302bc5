package dev.gatewatch.web.page;

import java.util.List;

/**
 * What stands around every page. Immutable.
 *
 * @param active which entry of the navigation is this page
 * @param assets changes whenever a style sheet or script does, so that browsers may keep them
 * @param refresh seconds between two looks at the server
 */
public record Shell(
        String title, String active, String location, String version, String assets, int refresh, List<Banner> banners) {
    public Shell {
        banners = List.copyOf(banners);
    }

    /**
     * Something that needs a person's eye before anything else on the page.
     *
     * @param tone {@code fail} or {@code degraded}
     */
    public record Banner(String tone, String title, List<String> lines) {}
}
