// The probe page's chart: latency of each run, stacked by phase, from /api/v1/results, with the usual range from /api/v1/baselines behind it.
// Failed runs are marked by a line and a cross, changes by a line with their name.
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
  let band = [];
  let changes = [];
  const key = figure.querySelector('.band-key');
  const changeKey = figure.querySelector('.change-key');

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
      [band, changes] = await Promise.all([usual(), marks()]);
      note.textContent = results.length ? '' : 'No run in this time.';
      draw();
    } catch (problem) {
      note.textContent = `The chart could not be loaded: ${problem.message}`;
    }
    if (!document.hidden) timer = setTimeout(load, since === '15m' ? 10000 : since === '1h' ? 15000 : 60000);
  }

  /** The usual range over the time shown; a chart without it is still worth a look. */
  async function usual() {
    const query = new URLSearchParams({ probe: figure.dataset.probe, region: figure.dataset.region });
    try {
      const answer = await fetch(`/api/v1/baselines?${query}`, { signal: AbortSignal.timeout(20000) });
      if (!answer.ok) return [];
      const points = (await answer.json()).flatMap((series) => series.points);
      return points.map((p) => ({ t: Date.parse(p.at) / 1000, lower: p.lower, upper: p.upper }));
    } catch {
      return [];
    }
  }

  /** When something was changed that may have to do with this; a chart without it is still worth a look. */
  async function marks() {
    const query = new URLSearchParams({ probe: figure.dataset.probe, region: figure.dataset.region, since });
    try {
      const answer = await fetch(`/api/v1/changes?${query}`, { signal: AbortSignal.timeout(20000) });
      if (!answer.ok) return [];
      return (await answer.json()).map((c) => ({ id: c.id, from: Date.parse(c.beganAt) / 1000, to: c.endedAt ? Date.parse(c.endedAt) / 1000 : null }));
    } catch {
      return [];
    }
  }

  /** Oldest first. */
  function changesWithin(min, max) {
    return changes.filter((c) => c.from <= max && (c.to ?? max) >= min).toSorted((a, b) => a.from - b.from);
  }

  /** The same in words, with links. */
  function tellChanges(min, max) {
    const links = changesWithin(min, max).slice(-5).reverse().map((change) => {
      const link = document.createElement('a');
      link.href = `/changes/${encodeURIComponent(change.id)}`;
      link.textContent = change.id;
      return link;
    });
    changeKey.hidden = !links.length;
    changeKey.querySelector('span').replaceChildren(...links.flatMap((link, i) => (i ? [', ', link] : [link])));
  }

  /** Draws each change of the time shown: a line at its beginning, a ground until its end, its name where there is room. */
  function drawChanges(u) {
    const { ctx, bbox } = u;
    const { min, max } = u.scales.x;
    const size = 11 * devicePixelRatio;
    let free = -Infinity;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.font = `${size}px system-ui, sans-serif`;
    ctx.textBaseline = 'top';
    ctx.textAlign = 'left';
    for (const change of changesWithin(min, max)) {
      const x = u.valToPos(change.from, 'x', true);
      const end = u.valToPos(Math.min(max, change.to ?? max), 'x', true);
      ctx.fillStyle = colour('--accent');
      ctx.globalAlpha = 0.12;
      ctx.fillRect(x, bbox.top, Math.max(0, end - x), bbox.height);
      ctx.globalAlpha = 1;
      ctx.fillRect(x, bbox.top, 1.5 * devicePixelRatio, bbox.height);
      const name = change.id.length > 24 ? `${change.id.slice(0, 23)}…` : change.id;
      const gap = 4 * devicePixelRatio;
      const width = ctx.measureText(name).width;
      // to the left of its line where the chart ends
      const at = x + gap + width < bbox.left + bbox.width ? x + gap : x - gap - width;
      if (at < free || at < bbox.left) continue;
      const y = bbox.top + bbox.height - size - gap;
      ctx.fillStyle = colour('--card');
      ctx.globalAlpha = 0.85;
      ctx.fillRect(at - gap / 2, y - gap / 2, width + gap, size + gap);
      ctx.globalAlpha = 1;
      ctx.fillStyle = colour('--text');
      ctx.fillText(name, at, y);
      free = at + width + gap * 2;
    }
    ctx.restore();
  }

  /** The usual range at a moment, between the points beside it; nothing before the first and in a gap. */
  function usualAt(t) {
    const next = band.findIndex((p) => p.t >= t);
    if (next < 0) return band.length && t - band.at(-1).t < 900 ? band.at(-1) : null;
    const b = band[next];
    const a = band[next - 1];
    if (!a || b.t - a.t > 5400) return b.t - t < 60 ? b : null;
    const share = (t - a.t) / (b.t - a.t || 1);
    return { t, lower: a.lower + share * (b.lower - a.lower), upper: a.upper + share * (b.upper - a.upper) };
  }

  /** The usual range as runs of points that hang together, from the left edge of the chart to the right. */
  function stretches(from, to) {
    const inside = band.filter((p) => p.t > from && p.t < to);
    const all = [usualAt(from), ...inside, usualAt(to)].map((p, i, list) => (p && i === 0 ? { ...p, t: from } : p && i === list.length - 1 ? { ...p, t: to } : p));
    const found = [];
    let last = null;
    for (const p of all) {
      if (!p) continue;
      if (!last || p.t - last.t > 5400) found.push([]);
      found.at(-1).push(p);
      last = p;
    }
    return found.filter((stretch) => stretch.length > 1);
  }

  /** Draws the range: a ground below the runs, or its two edges above them, so that both can be read. */
  function drawBand(u, edges) {
    const { ctx, bbox } = u;
    const px = (p, value) => [u.valToPos(p.t, 'x', true), u.valToPos(value, 'y', true)];
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.strokeStyle = colour('--band');
    ctx.fillStyle = colour('--band');
    for (const stretch of stretches(u.scales.x.min, u.scales.x.max)) {
      const over = stretch.map((p) => px(p, p.upper));
      const under = stretch.map((p) => px(p, p.lower));
      if (edges) {
        ctx.lineWidth = devicePixelRatio * 1.5;
        ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
        for (const edge of [over, under]) {
          ctx.beginPath();
          edge.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
          ctx.stroke();
        }
      } else {
        ctx.globalAlpha = 0.22;
        ctx.beginPath();
        [...over, ...under.reverse()].forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
        ctx.fill();
        ctx.globalAlpha = 1;
      }
    }
    ctx.restore();
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
    const usuals = times.map(usualAt);
    const top = Math.max(0, ...usuals.filter(Boolean).map((p) => p.upper));
    const now = band.at(-1);
    key.hidden = !now;
    if (now) key.querySelector('span').textContent = `· now ${show(now.lower)} to ${show(now.upper)}`;
    const options = {
      width: plot.clientWidth,
      height: 240,
      cursor: { y: false },
      legend: { live: true },
      scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.08, top * 1.08)] } },
      axes: [{ ...axis, space: 90, values: (_, ticks, __, ___, step) => ticks.map((t) => clock(t, step)) }, { ...axis, size: 64, values: (_, ticks) => ticks.map((t) => (t >= 1000 ? `${t / 1000} s` : `${t} ms`)) }],
      series: [{ label: 'time', value: (_, t) => (t == null ? '–' : clock(t, 1)) }, ...layers.toReversed()],
      hooks: {
        drawAxes: [(u) => drawBand(u, false)],
        draw: [(u) => {
          drawBand(u, true);
          drawChanges(u);
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
    tellChanges(times[0] ?? 0, times.at(-1) ?? 0);
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
