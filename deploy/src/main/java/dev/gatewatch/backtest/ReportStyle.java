package dev.gatewatch.backtest;

/** How the page looks. */
final class ReportStyle {
    /** From the beginning of the page up to its title. */
    static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
            <style>
            :root { color-scheme: light dark; --text: #1d2430; --soft: #5d6778; --line: #dfe3ea; --back: #fff; --card: #f6f7f9;
              --blue: #2563c9; --band: #2563c922; --red: #c62a2f; --amber: #c77700; --grey: #7a8597; }
            @media (prefers-color-scheme: dark) {
              :root { --text: #e4e8ef; --soft: #9aa5b5; --line: #303846; --back: #12161d; --card: #1b212b;
                --blue: #6ba1f5; --band: #6ba1f52e; --red: #f0666b; --amber: #e9a23b; --grey: #8b96a8; } }
            body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
            main { max-width: 1120px; margin: 0 auto; padding: 24px 20px 60px; }
            h1 { font-size: 26px; margin: 0 0 6px; }
            h2 { font-size: 19px; margin: 34px 0 10px; }
            h3 { font-size: 16px; margin: 22px 0 8px; }
            .lead { margin: 0 0 18px; color: var(--soft); }
            .note { background: var(--card); border-left: 3px solid var(--amber); padding: 8px 12px; margin: 8px 0; overflow-wrap: anywhere; }
            .small { color: var(--soft); font-size: 13px; }
            .figures { display: flex; flex-wrap: wrap; gap: 12px; margin: 14px 0; }
            .figures div { background: var(--card); border-radius: 8px; padding: 10px 16px; min-width: 120px; }
            .figures b { display: block; font-size: 22px; font-variant-numeric: tabular-nums; }
            .figures span { color: var(--soft); font-size: 13px; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; font-size: 14px; }
            th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
            th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
            .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            .t { white-space: nowrap; font-variant-numeric: tabular-nums; }
            .name { min-width: 110px; max-width: 260px; overflow-wrap: anywhere; }
            td.week { background: color-mix(in srgb, var(--red) calc(var(--heat) * 60%), transparent); padding: 5px 8px; }
            th.week { padding: 5px 8px; white-space: nowrap; }
            td:last-child { overflow-wrap: anywhere; }
            .dot { display: inline-block; width: 9px; height: 9px; border-radius: 5px; margin-right: 6px; background: var(--grey); }
            .dot.critical { background: var(--red); }
            .dot.warning { background: var(--amber); }
            figure { margin: 18px 0; }
            figcaption { font-weight: 600; margin-bottom: 2px; overflow-wrap: anywhere; }
            svg { width: 100%; height: auto; display: block; }
            svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
            svg .y { text-anchor: end; }
            svg .x { text-anchor: middle; }
            svg .grid { stroke: var(--line); fill: none; stroke-width: 1; }
            svg .line { stroke: var(--blue); fill: none; stroke-width: 1.3; stroke-linejoin: round; }
            svg .top { stroke: var(--soft); fill: none; stroke-width: 1; opacity: .55; }
            svg .band { fill: var(--band); }
            svg .fail { fill: var(--red); }
            svg .span { fill: var(--grey); opacity: .35; }
            svg .span.critical { fill: var(--red); }
            svg .span.warning { fill: var(--amber); }
            .k { display: inline-block; width: 16px; height: 10px; margin: 0 2px 0 12px; }
            .k.line { border-top: 2px solid var(--blue); height: 4px; }
            .k.top { border-top: 2px dotted var(--soft); height: 4px; }
            .k.band { background: var(--band); }
            .k.fail { background: var(--red); width: 4px; }
            .k.span { background: var(--amber); opacity: .5; }
            </style>
            """;

    private ReportStyle() {}
}
