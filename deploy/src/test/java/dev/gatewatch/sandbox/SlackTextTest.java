package dev.gatewatch.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain|plain",
                "*b* _i_ ~s~|<strong>b</strong> <em>i</em> <s>s</s>",
                "*b _i_*|<strong>b <em>i</em></strong>",
                "2*3*4 a_b_c|2*3*4 a_b_c",
                "* not bold *|* not bold *",
                "*open|*open",
                "http_status and dns_nxdomain|http_status and dns_nxdomain",
                "`a*b*`|<code>a*b*</code>",
                "`a &lt;b&gt;`|<code>a &lt;b&gt;</code>",
                "```x```|<pre>x</pre>",
                "``|``",
                "a &amp; b &lt;i&gt;|a &amp; b &lt;i&gt;",
                "&amp;lt;|&amp;lt;",
                "a & b|a &amp; b",
                "a > b \"q\"|a &gt; b &quot;q&quot;",
                "<https://x.example>|<a rel=\"noreferrer\" href=\"https://x.example\">https://x.example</a>",
                "<javascript:alert(1)¦x>|<span class=\"mention\">x</span>",
                "<https://x.example/\"onclick=a¦x>|<a rel=\"noreferrer\" href=\"https://x.example/&quot;onclick=a\">x</a>",
                "<!date^1^{time}¦noon>|<span class=\"mention\">noon</span>",
                "<!channel>|<span class=\"mention\">!channel</span>",
                "a < b|a &lt; b",
                ":fire: :unknown: 10:30:00|🔥 :unknown: 10:30:00",
            })
    void mrkdwnBecomesHtml(String mrkdwn, String html) {
        assertThat(SlackText.mrkdwn(mrkdwn.replace('¦', '|'))).isEqualTo(html);
    }

    @Test
    void signsAreDrawnAndHaveAWord() {
        assertThat(SlackText.plain("🔴 down")).matches("<span class=\"sign\" data-tone=\"bad\" [^>]*aria-label=\"red\"></span> down");
        assertThat(SlackText.mrkdwn("*✅ a*")).startsWith("<strong><span class=\"sign\" data-tone=\"good\"").endsWith(" a</strong>");
        assertThat(SlackText.plain(":large_green_circle:")).contains("data-tone=\"good\"");
    }

    @Test
    void linesBecomeLines() {
        assertThat(SlackText.mrkdwn("*a\nb* c")).isEqualTo("*a<br>b* c");
        assertThat(SlackText.mrkdwn("```a\nb```")).isEqualTo("<pre>a\nb</pre>");
    }
}
