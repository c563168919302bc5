"use strict";

// Keeps the switches true to GET /faults, whoever switched them, and switches on a click.
const status = document.getElementById("status");
const heal = document.getElementById("heal");
const rows = new Map([...document.querySelectorAll(".fault")].map((row) => [row.dataset.id, row]));

async function ask(method, path) {
  const response = await fetch(path, { method, cache: "no-store" });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(answer.error);
  }
  return answer;
}

function say(text, bad) {
  if (status.textContent !== text) {
    status.textContent = text;
  }
  status.dataset.tone = bad ? "bad" : "";
}

function show(faults) {
  for (const fault of faults) {
    const row = rows.get(fault.id);
    if (!row) {
      location.reload(); // another sandbox, with other faults, has taken this address
      return;
    }
    const button = row.querySelector("button");
    row.dataset.active = fault.active;
    button.setAttribute("aria-checked", fault.active);
    button.textContent = fault.active ? "On" : "Off";
  }
  const active = faults.filter((fault) => fault.active);
  const causes = [...new Set(active.flatMap((fault) => fault.cause ?? []))];
  heal.disabled = active.length === 0;
  say(
    active.length === 0
      ? "Every fault is off."
      : `${active.length === 1 ? "1 fault is" : `${active.length} faults are`} on: expect ${causes.join(", ") || "no alert"}.`,
    active.length > 0,
  );
}

async function refresh() {
  try {
    show(await ask("GET", "/faults"));
  } catch (problem) {
    say(`The sandbox does not answer (${problem.message}). Is it still running?`, true);
  }
}

async function change(button, method, path) {
  button.setAttribute("aria-busy", "true");
  try {
    await ask(method, path);
    await refresh();
  } catch (problem) {
    say(problem.message, true);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

for (const [id, row] of rows) {
  const button = row.querySelector("button");
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-checked") === "true";
    change(button, on ? "DELETE" : "PUT", `/faults/${encodeURIComponent(id)}`);
  });
}
heal.addEventListener("click", () => change(heal, "DELETE", "/faults"));
refresh();
setInterval(() => document.hidden || refresh(), 2000);
