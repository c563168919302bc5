package dev.gatewatch.sandbox;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two pages as a person meets them, in Debian's Chromium. */
class PagesInBrowserTest extends RunningSandbox {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private static Playwright playwright;
    private static Browser browser;

    private final List<String> complaints = new ArrayList<>();
    private Page page;

    @BeforeAll
    static void open() {
        boolean there = Files.isExecutable(CHROMIUM);
        if (!there && Boolean.getBoolean("require.components")) {
            throw new AssertionError(CHROMIUM + " is missing, and require.components is set");
        }
        Assumptions.assumeTrue(there, () -> CHROMIUM + " is not installed");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    }

    @AfterAll
    static void shut() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void listenForComplaints() {
        page = browser.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(m -> {
            if (m.type().equals("error")) {
                complaints.add(m.text());
            }
        });
    }

    @AfterEach
    void noScriptAndNoPolicyComplained() {
        page.close();
        assertThat(complaints).isEmpty();
    }

    private Locator toggle(String fault) {
        return page.locator("[data-id=" + fault + "]").getByRole(AriaRole.SWITCH);
    }

    @Test
    void aSwitchTurnsAFaultOnAndOffWithoutAReload() throws IOException {
        page.navigate(control("/"));
        page.evaluate("window.stayed = true");
        assertThat(page.getByRole(AriaRole.SWITCH)).hasCount(Faults.ALL.size());

        toggle("health-down").click();
        assertThat(toggle("health-down")).hasAttribute("aria-checked", "true");
        assertThat(toggle("health-down")).hasText("On");
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("1 fault is on: expect health_down.");
        assertThat(visitor.get(eu("/health")).at("/status")).isEqualTo("DOWN");

        toggle("health-down").click();
        assertThat(toggle("health-down")).hasText("Off");
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Every fault is off.");
        assertThat(page.evaluate("window.stayed")).isEqualTo(true);
    }

    @Test
    void theKeyboardIsEnough() {
        page.navigate(control("/"));
        toggle("gateway-500").focus();
        page.keyboard().press("Tab");
        page.keyboard().press("Space");
        assertThat(toggle("gateway-hangs")).hasAttribute("aria-checked", "true");
        page.keyboard().press("Enter");
        assertThat(toggle("gateway-hangs")).hasAttribute("aria-checked", "false");
    }

    @Test
    void aSwitchHasAName() {
        page.navigate(control("/"));
        assertThat(page.getByRole(
                        AriaRole.SWITCH,
                        new Page.GetByRoleOptions().setName("The gateway answers every request with status 500.")))
                .isVisible();
    }

    @Test
    void whatAnotherClientSwitchesShowsByItself() throws IOException {
        page.navigate(control("/"));
        visitor.turn(sandbox, "cert-expired", true);
        visitor.turn(sandbox, "region-ap-down", true);
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("2 faults are on: expect cert_expired, region_down.");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Switch everything off"))
                .click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Every fault is off.");
        assertThat(visitor.get(ap("/health")).status()).isEqualTo(200);
    }

    @Test
    void messagesArriveInTheOpenInboxNewestFirst() throws IOException {
        page.navigate(control("/inbox"));
        assertThat(page.getByText("Nothing has arrived yet.")).isVisible();
        visitor.post(control("/inbox/slack"), "{\"text\":\"the *first*\"}");
        assertThat(page.locator(".message")).hasCount(1);
        assertThat(page.getByText("Nothing has arrived yet.")).isHidden();
        visitor.post(control("/inbox/slack"), "{\"text\":\"the <script>second</script>\"}");
        assertThat(page.locator(".message")).hasCount(2);
        assertThat(page.locator(".message").first()).containsText("second");
        assertThat(page.locator(".message").nth(1).locator("strong").last()).hasText("first");
    }

    @Test
    void nothingRunsOffAPhoneScreenAndDarkIsDark() {
        page.setViewportSize(360, 740);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        for (String path : List.of("/", "/inbox")) {
            page.navigate(control(path));
            assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                    .isEqualTo(true);
            assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(20, 23, 28)");
        }
    }
}
