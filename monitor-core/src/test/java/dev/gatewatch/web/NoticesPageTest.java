package dev.gatewatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.kit.FakeClock;
import dev.gatewatch.store.StoreException;
import dev.gatewatch.view.AlertView;
import dev.gatewatch.view.NoticeLog;
import dev.gatewatch.view.NoticeView;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page that shows what was told. */
final class NoticesPageTest {
    private static final Sources SOURCES = SampleWorld.incident(new FakeClock());

    private final Client client = new Client(Client.OPEN, SOURCES);

    @AfterEach
    void stop() {
        client.close();
    }

    @Test
    void itShowsEachAttemptInWords() throws Exception {
        String page = client.get("/notices").body();

        assertThat(page)
                .contains("id=\"n-18\"", "3 attempts", "the daemon ended before the answer was known", "no answer within 10000 ms")
                .contains("not now", "again at", "delivered", "given up", "refused", "channel broken", "cut off")
                .contains("nobody has acknowledged it for 1 minute")
                .contains("41 more are not kept.")
                .contains("href=\"/alerts#a-7f3a\"")
                .contains("&lt;b&gt;greylisted&lt;/b&gt;")
                .doesNotContain("<b>greylisted");
    }

    @Test
    void itIsNarrowedByChannelAlertAndOutcome() throws Exception {
        assertThat(ids("/notices?channel=ops")).containsExactly(17L, 3L);
        assertThat(ids("/notices?alert=7f3a")).containsExactly(17L, 16L, 15L);
        assertThat(ids("/notices?state=waiting")).containsExactly(18L);
        assertThat(ids("/notices?state=sent")).containsExactly(17L, 16L, 3L);
        assertThat(ids("/notices?state=dead")).containsExactly(15L);
        assertThat(ids("/notices?state=nonsense&before=nonsense")).hasSize(5);
        assertThat(client.get("/notices?channel=gone").body()).contains("No notice matches.", "<option value=\"gone\" selected>");
        assertThat(client.get("/notices?alert=%3Cscript%3E").body()).doesNotContain("<script>\"").contains("&lt;script&gt;");
    }

    private List<Long> ids(String path) throws Exception {
        return java.util.regex.Pattern.compile("<li id=\"n-(\\d+)\"")
                .matcher(client.get(path).body())
                .results()
                .map(m -> Long.valueOf(m.group(1)))
                .toList();
    }

    @Test
    void onlyWhatWasGivenUpCanBeSentAgain() throws Exception {
        String page = client.get("/notices").body();
        assertThat(page).contains("action=\"/notices/15/again\"").doesNotContain("/notices/18/again", "/notices/17/again");

        HttpResponse<String> done = client.send("POST", "/notices/18/again");
        assertThat(done.statusCode()).isEqualTo(303);
        assertThat(done.headers().firstValue("Location")).contains("/notices#n-18");
        assertThat(client.send("POST", "/notices/4/again").statusCode()).isEqualTo(404);
        assertThat(client.send("POST", "/notices/x/again").body()).contains("the notice should be a number");
        assertThat(client.send("POST", "/notices/18/again", "Origin", "https://evil.example").statusCode()).isEqualTo(403);
    }

    @Test
    void aViewerSeesItAndSendsNothing() throws Exception {
        try (var guarded = new Client(Client.settings(Client.identity("eve", "viewer-secret-1", Role.VIEWER)), SOURCES)) {
            String eve = Client.basic("eve", "viewer-secret-1");
            assertThat(guarded.get("/notices", "Authorization", eve).statusCode()).isEqualTo(200);
            assertThat(guarded.send("POST", "/notices/18/again", "Authorization", eve).statusCode()).isEqualTo(403);
            assertThat(guarded.get("/notices").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void longLogsHavePages() throws Exception {
        try (var busy = new Client(Client.OPEN, with(new Many(120)))) {
            String first = busy.get("/notices?channel=ops").body();
            assertThat(first).contains("id=\"n-120\"", "id=\"n-71\"", "href=\"/notices?channel=ops&amp;before=71\"").doesNotContain("id=\"n-70\"", ">Newest<");
            String second = busy.get("/notices?channel=ops&before=71").body();
            assertThat(second).contains("id=\"n-70\"", "id=\"n-21\"", "href=\"/notices?channel=ops\"").doesNotContain("id=\"n-71\"");
            assertThat(busy.get("/notices?channel=ops&before=21").body()).contains("id=\"n-1\"").doesNotContain(">Older<");
        }
    }

    @Test
    void aStoreThatCannotBeReadIsToldAndTheAlertsAreShownAllTheSame() throws Exception {
        try (var broken = new Client(Client.OPEN, with(new Unreadable()))) {
            assertThat(broken.get("/notices").statusCode()).isEqualTo(503);
            assertThat(broken.get("/notices").body()).contains("the disk is full");
            HttpResponse<String> alerts = broken.get("/alerts");
            assertThat(alerts.statusCode()).isEqualTo(200);
            assertThat(alerts.body()).contains("Who was told cannot be read", "gateway-health");
        }
    }

    @Test
    void anAlertsCardSaysWhoWasTold() throws Exception {
        String page = client.get("/alerts").body();
        String card = page.substring(page.indexOf("id=\"t-a-7f3a\""), page.indexOf("</p>", page.indexOf("id=\"t-a-7f3a\"")));

        assertThat(card).contains("href=\"/notices?alert=7f3a\"", "<b>ops</b>", "<b>mail</b>", "after 2 attempts", "<b>phone</b> given up", ": HTTP 400 from");
        assertThat(page).contains("<b>hook</b> not yet, again at");
    }

    private static Sources with(NoticeLog log) {
        return new Sources(
                SOURCES.daemon(), SOURCES.clock(), SOURCES.snapshot(), SOURCES.configuration(), Optional::empty, Optional::empty,
                SOURCES.results(), log, SOURCES.desk(), SOURCES.reload(), SOURCES.metrics(), OnDemandProbe.NONE);
    }

    /** So many notices that were delivered. */
    private record Many(long count) implements NoticeLog {
        @Override
        public List<NoticeView> find(Query query) {
            NoticeView like = SOURCES.notices().find(Query.newest(2)).getLast();
            return LongStream.iterate(Math.min(count, query.before() - 1), id -> id > 0, id -> id - 1)
                    .limit(query.limit())
                    .mapToObj(id -> new NoticeView(
                            id, like.channel(), like.kind(), like.alert(), "", like.state(), 1, false, "", like.createdAt(), Optional.empty(),
                            like.endedAt(), like.log()))
                    .toList();
        }

        @Override
        public List<Told> told(Collection<String> alerts) {
            return List.of();
        }

        @Override
        public List<AlertView> troubles() {
            return List.of();
        }
    }

    private static final class Unreadable implements NoticeLog {
        @Override
        public List<NoticeView> find(Query query) {
            throw new StoreException("gatewatch.db: the disk is full", new IOException());
        }

        @Override
        public List<Told> told(Collection<String> alerts) {
            throw new StoreException("gatewatch.db: the disk is full", new IOException());
        }

        @Override
        public List<AlertView> troubles() {
            return List.of();
        }
    }
}
