// The probe page's chart: latency of each run, stacked by phase, from /api/v1/results. Failed runs are marked by a line and a cross.
(() => {
  'use strict';
  const figure = document.getElementById('chart');
  const plot = figure.querySelector('.plot');
  const note = figure.querySelector('.note');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let since = '1h';
  let chart = null;
  let timer = 0;
  let results = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const show = (ms) => (ms == null ? '–' : ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : ms >= 100 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`);

  async function load() {
    clearTimeout(timer);
    const query = new URLSearchParams({
      probe: figure.dataset.probe, region: figure.dataset.region, since, limit: '10000', brief: 'true',
    });
    try {
      const answer = await fetch(`/api/v1/results?${query}`, { signal: AbortSignal.timeout(20000) });
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.error);
      results = body.reverse();
      note.textContent = results.length ? '' : 'No run in this time.';
      draw();
    } catch (problem) {
      note.textContent = `The chart could not be loaded: ${problem.message}`;
    }
    if (!document.hidden) timer = setTimeout(load, since === '15m' ? 10000 : since === '1h' ? 15000 : 60000);
  }

  /** Phases in the order in which they happen, as far as the runs tell. */
  function phases() {
    const names = [];
    for (const r of results) {
      let at = 0;
      for (const name of Object.keys(r.phases)) {
        const seen = names.indexOf(name);
        if (seen < 0) names.splice(at++, 0, name);
        else at = seen + 1;
      }
    }
    return names;
  }

  function draw() {
    const names = phases();
    const times = results.map((r) => Date.parse(r.startedAt) / 1000);
    const parts = names.map((name) => results.map((r) => r.phases[name] ?? 0));
    const rest = results.map((r, i) => Math.max(0, r.durationMs - parts.reduce((sum, p) => sum + p[i], 0)));
    // what the probe did between its phases is worth a layer only where it is worth looking at
    if (!names.length || rest.some((ms, i) => ms > 1 && ms > results[i].durationMs * 0.05)) {
      names.push(names.length ? 'other' : 'duration');
      parts.push(rest);
    }
    const sums = [];
    parts.forEach((p, k) => sums.push(p.map((ms, i) => ms + (k ? sums[k - 1][i] : 0))));
    const layers = names.map((name, k) => ({
      label: name.replaceAll('_', ' '),
      stroke: colour(`--c${(k % 6) + 1}`),
      fill: `${colour(`--c${(k % 6) + 1}`)}cc`,
      width: 1,
      points: { show: false },
      value: (_, __, ___, i) => show(i == null ? null : parts[k][i]),
    }));
    // drawn from the top of the stack down, each over the one before
    const data = [times, ...sums.toReversed()];
    const failed = results.map((r) => (r.outcome === 'fail' || r.outcome === 'broken'));
    const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 }, font: '12px system-ui, sans-serif' };
    const pad = (n) => String(n).padStart(2, '0');
    const clock = (t, step) => {
      const at = new Date(t * 1000);
      if (at.getHours() + at.getMinutes() + at.getSeconds() === 0) return `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
      return `${pad(at.getHours())}:${pad(at.getMinutes())}${step < 60 ? `:${pad(at.getSeconds())}` : ''}`;
    };
    const options = {
      width: plot.clientWidth,
      height: 240,
      cursor: { y: false },
      legend: { live: true },
      scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] } },
      axes: [{ ...axis, space: 90, values: (_, ticks, __, ___, step) => ticks.map((t) => clock(t, step)) }, { ...axis, size: 64, values: (_, ticks) => ticks.map((t) => (t >= 1000 ? `${t / 1000} s` : `${t} ms`)) }],
      series: [{ label: 'time', value: (_, t) => (t == null ? '–' : clock(t, 1)) }, ...layers.toReversed()],
      hooks: {
        draw: [(u) => {
          const { ctx, bbox } = u;
          ctx.save();
          ctx.strokeStyle = colour('--fail');
          ctx.lineWidth = devicePixelRatio * 1.5;
          failed.forEach((bad, i) => {
            if (!bad) return;
            const x = u.valToPos(times[i], 'x', true);
            const r = 3 * devicePixelRatio;
            const y = bbox.top + r * 2;
            ctx.globalAlpha = 0.35;
            ctx.beginPath();
            ctx.moveTo(x, y + r);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
            ctx.globalAlpha = 1;
            ctx.beginPath();
            ctx.moveTo(x - r, y - r);
            ctx.lineTo(x + r, y + r);
            ctx.moveTo(x + r, y - r);
            ctx.lineTo(x - r, y + r);
            ctx.stroke();
          });
          ctx.restore();
        }],
      },
    };
    const fresh = document.createElement('div');
    const next = new uPlot(options, data, fresh);
    plot.replaceChildren(fresh);
    if (chart) chart.destroy();
    chart = next;
    const bad = failed.filter(Boolean).length;
    if (bad) note.textContent = `${bad} of ${results.length} runs failed; they are marked with a cross.`;
  }

  for (const button of figure.querySelectorAll('button[data-since]')) {
    button.addEventListener('click', () => {
      since = button.dataset.since;
      for (const other of figure.querySelectorAll('button[data-since]')) {
        if (other === button) other.setAttribute('aria-pressed', 'true');
        else other.removeAttribute('aria-pressed');
      }
      load();
    });
  }
  new ResizeObserver(() => {
    if (chart && chart.width !== plot.clientWidth) chart.setSize({ width: plot.clientWidth, height: 240 });
  }).observe(plot);
  dark.addEventListener('change', () => results.length && draw());
  document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : load()));
  load();
})();
