"use strict";

// Puts what has newly arrived on top, once a second, and shows times in the reader's own clock.
const list = document.getElementById("messages");
const status = document.getElementById("status");
const kept = Number(list.dataset.kept);

function localTimes(root) {
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    time.textContent = at.toLocaleTimeString();
    time.title = at.toLocaleString();
  }
}

async function refresh() {
  try {
    const last = list.firstElementChild?.dataset.id ?? 0;
    const response = await fetch(`/inbox/items?after=${last}`, { cache: "no-store" });
    if (response.status === 409) {
      location.reload(); // the sandbox was started again and counts from 1
      return;
    }
    status.textContent = "";
    if (response.status === 200) {
      const fresh = document.createElement("template");
      fresh.innerHTML = await response.text();
      localTimes(fresh.content);
      for (const item of fresh.content.children) {
        item.classList.add("new");
      }
      list.prepend(fresh.content);
      while (list.children.length > kept) {
        list.lastElementChild.remove();
      }
    }
  } catch {
    status.textContent = "The sandbox does not answer. Is it still running?";
    status.dataset.tone = "bad";
  }
}

localTimes(list);
setInterval(() => document.hidden || refresh(), 1000);
