// Keeps the page current: fetches it anew every few seconds and changes only what differs, so that focus, scroll position, open
// details and what someone is typing stay. Rests while the tab is hidden.
(() => {
  'use strict';
  const every = Number(document.documentElement.dataset.refresh) * 1000;
  const pulse = document.getElementById('pulse');
  let timer = 0;
  let busy = false;
  let again = false;

  const pad = (n) => String(n).padStart(2, '0');

  /** Times come as UTC; a reader wants them on the clock on the wall. */
  function localise(root) {
    for (const time of root.querySelectorAll('time[data-show]')) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
      const minute = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
      const today = Math.abs(Date.now() - at) < 72e6;
      time.textContent = time.dataset.show === 'clock' && today ? `${minute}:${pad(at.getSeconds())}` : `${day} ${minute}`;
      time.title = at.toString();
    }
  }

  const same = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || '') === (b.id || '');

  function drop(node) {
    const next = node.nextSibling;
    node.remove();
    return next;
  }

  /** Makes `old` like `fresh`, touching as little as possible. */
  function morph(old, fresh) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    if (old.hasAttribute('data-keep') || old.isEqualNode(fresh)) return;
    for (const { name, value } of [...fresh.attributes]) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      const opened = name === 'open' && old.nodeName === 'DETAILS';
      if (!opened && !fresh.hasAttribute(name)) old.removeAttribute(name);
    }
    const known = new Map();
    for (const child of old.children) if (child.id) known.set(child.id, child);
    const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
    let here = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      const twin = next.id && known.get(next.id);
      if (twin && twin.nodeName === next.nodeName) {
        // what stands before the twin and is wanted no more goes; only a changed order makes a node move, which costs it the focus
        while (here && here !== twin && !wanted.has(here.id)) here = drop(here);
        if (here === twin) here = here.nextSibling;
        else old.insertBefore(twin, here);
        morph(twin, next);
      } else if (here && same(here, next)) {
        const now = here;
        here = here.nextSibling;
        morph(now, next);
      } else {
        old.insertBefore(next, here);
      }
    }
    while (here) here = drop(here);
  }

  function say(state, words) {
    if (pulse.dataset.state === state) return;
    pulse.dataset.state = state;
    pulse.lastElementChild.textContent = words;
  }

  async function refresh() {
    clearTimeout(timer);
    if (!every) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    const asked = location.href;
    let wait = every;
    try {
      const answer = await fetch(asked, { headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(15000) });
      if (answer.status === 401) return location.reload();
      const text = await answer.text();
      const fresh = new DOMParser().parseFromString(text, 'text/html');
      const live = fresh.getElementById('live');
      // after an update of the daemon the old script should not go on with the new page
      const changed = fresh.querySelector('script[src*="live.js"]')?.getAttribute('src')
        !== document.querySelector('script[src*="live.js"]').getAttribute('src');
      if (!live) throw new Error(String(answer.status));
      if (changed) return location.reload();
      if (asked === location.href) {
        localise(live);
        const focus = document.activeElement;
        morph(document.getElementById('live'), live);
        if (focus !== document.activeElement && focus.isConnected) focus.focus({ preventScroll: true });
      }
      say('on', 'live');
      if (text.length > 400000) wait = every * 4;
    } catch (_) {
      say('lost', 'connection lost');
    } finally {
      busy = false;
    }
    if (again) wait = 0;
    again = false;
    if (!document.hidden) timer = setTimeout(refresh, wait);
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      clearTimeout(timer);
      say('paused', 'paused');
    } else {
      refresh();
    }
  });

  let typing = 0;
  function find(form) {
    const query = new URLSearchParams([...new FormData(form)].filter(([, v]) => v !== ''));
    history.replaceState(null, '', location.pathname + (query.size ? `?${query}` : ''));
    refresh();
  }
  const isFilter = (form) => form && form.id === 'filter';
  document.addEventListener('input', (event) => {
    if (!every || !isFilter(event.target.form)) return;
    clearTimeout(typing);
    typing = setTimeout(find, 200, event.target.form);
  });
  document.addEventListener('submit', (event) => {
    if (!every || !isFilter(event.target) || (event.submitter?.formMethod || 'get') !== 'get') return;
    event.preventDefault();
    find(event.target);
  });

  /** A link from an old message leads to an alert that is not listed any more; its notices still are. */
  function tellIfGone() {
    const gone = document.getElementById('gone');
    const alert = /^#a-(.+)$/.exec(location.hash)?.[1];
    if (!gone || !alert) return;
    gone.hidden = document.getElementById(`a-${decodeURIComponent(alert)}`) !== null;
    gone.replaceChildren();
    if (gone.hidden) return;
    const link = document.createElement('a');
    link.href = `/notices?alert=${alert}`;
    link.textContent = 'See what was told of it';
    gone.replaceChildren('The alert that this link is about is over and not listed any more. ', link, '.');
  }
  addEventListener('hashchange', tellIfGone);
  tellIfGone();

  localise(document);
  if (every) timer = setTimeout(refresh, every);
})();
