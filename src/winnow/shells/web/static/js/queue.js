// The review queue by keyboard: a step shows the next case at once and is sent behind the reviewer's back; what could
// not be saved comes back into the list.
import { ask } from "./asking.js";
import { keys } from "./keys.js";
import { hold } from "./network.js";
import { Line } from "./queue/line.js";
import { Stage } from "./queue/stage.js";

const TAKEN_BACK = "winnow-steps";
const LOOK_EVERY = 45_000;
const THERE_FOR = 300_000;
const SAID_FOR = 15_000;
const WAYS_BACK = { accept: "undo", tag: "undo", reject: "undo", snooze: "wake" };
const root = document.querySelector(".queue");
const stage = new Stage(root);
const words = document.getElementById("words").dataset;
const past = JSON.parse(window.sessionStorage.getItem(TAKEN_BACK) ?? "[]");
const parser = new DOMParser();
let awaited = null;
// The reviewer chose the case that is shown; one that only came next is passed over when somebody else has it.
let meant = false;

const line = new Line({
  ask,
  ahead: () => `/queue/ahead${root.dataset.query}`,
  shown: (left) => {
    const shown = awaited ?? stage.number;
    return { ...(shown === null ? {} : { shown }), held: stage.held(), busy: line.busy, left: left.filter((each) => each !== shown) };
  },
  answered: (step) => { if (step.step === "feedback") told("step", step); line.refresh(); },
  refused: (step, text) => {
    forget(step.number);
    if (!step.back) stage.bring(step.number);
    told("unsaved", { ...step, what: wordsIn(text) });
    line.refresh();
    if (stage.number === null && awaited === null) open(step.number);
  },
  away: (away) => {
    hold(away);
    if (away) told("unsent", {});
    else said("unsent")?.remove();
  },
  looked,
  waits: () => awaited !== null,
  lost: () => {
    if (awaited === null) return;
    awaited = null;
    stage.blank(true);
  },
});

// ── What is said ────────────────────────────────────────────────────────────────────────────────
const notices = document.getElementById("notices");
const said = (kind) => notices.querySelector(`[data-kind="${kind}"]`);
const wordsIn = (html) => [...parser.parseFromString(html, "text/html").querySelectorAll(".notice p")].map((each) => each.textContent).join(" ");

function told(kind, { number, name, step, what }) {
  const copy = document.getElementById(`said-${kind}`).content.cloneNode(true).firstElementChild;
  copy.dataset.kind = kind;
  for (const each of copy.querySelectorAll("[data-name]")) each.textContent = name ?? words.nobody;
  for (const each of copy.querySelectorAll("[data-what]")) each.textContent = what ?? words[step] ?? "";
  copy.querySelector("[data-undo]")?.toggleAttribute("hidden", !(step in WAYS_BACK));
  copy.querySelector("[data-undo]")?.addEventListener("click", undo);
  copy.querySelector("[data-back]")?.addEventListener("click", () => { copy.remove(); open(number); });
  if (kind !== "unsaved") said(kind)?.remove();
  if (kind === "step" || kind === "taken") window.setTimeout(() => copy.remove(), SAID_FOR);
  notices.append(copy);
}

// ── Going from case to case ─────────────────────────────────────────────────────────────────────
function remember(number) {
  const { path } = root.dataset;
  const there = number === null ? path : `${path}${path.includes("?") ? "&" : "?"}case=${number}`;
  if (there !== `${window.location.pathname}${window.location.search}`) window.history.replaceState(null, "", there);
}

// Turn to a case; the one before is given back unless it was decided.
function open(number, left = null) {
  const before = left ?? stage.number;
  awaited = null;
  if (number === null) stage.blank(true);
  else if (!stage.show(number)) {
    stage.blank(false);
    awaited = number;
  }
  stage.face();
  remember(number);
  return line.refresh(before === number || stage.gone.has(before) ? null : before);
}

function looked(html) {
  const answer = parser.parseFromString(html, "text/html").getElementById("answer");
  if (!answer) return;
  const { shown, until, taker } = answer.dataset;
  stage.renew(answer, line.busy);
  if (awaited !== null && stage.show(awaited)) {
    awaited = null;
    stage.face();
  }
  const current = stage.number;
  if (current !== null && String(current) === shown) {
    if (until) stage.current.dataset.until = until;
    const next = taker && !meant ? stage.beside(current, 1, true) : null;
    if (next !== null) {
      told("taken", { name: taker });
      open(next, current);
    }
  } else if (current === null && awaited === null) {
    const first = stage.beside(null, 1, true);
    if (first !== null) open(first);
  }
}

function move(steps) {
  const next = stage.beside(stage.number, steps);
  meant = true;
  if (next !== null) open(next);
}

// ── Steps ───────────────────────────────────────────────────────────────────────────────────────
const offline = () => document.body.hasAttribute("data-offline");
const save = () => window.sessionStorage.setItem(TAKEN_BACK, JSON.stringify(past.slice(-50)));

function forget(number) {
  const place = past.findLastIndex((each) => each.number === number);
  if (place >= 0) past.splice(place, 1);
  save();
}

function take(form, submitter) {
  if (offline() || stage.current === null) return;
  const number = stage.number;
  const { step } = form.dataset;
  const fields = Object.fromEntries(new FormData(form, submitter));
  const done = { number, step, name: stage.current.dataset.name };
  for (const each of stage.current.querySelectorAll(".pick[open]")) each.open = false;
  if (step === "feedback") {
    line.add({ ...done, back: true, path: form.getAttribute("action"), fields });
    return;
  }
  const next = stage.beside(number, 1, true);
  stage.take(number);
  meant = false;
  if (next !== null && stage.show(next)) awaited = null;
  else {
    stage.blank(next === null);
    awaited = next;
  }
  told("step", done);
  stage.face();
  remember(null);
  if (step in WAYS_BACK) past.push(done);
  save();
  line.add({ ...done, path: form.getAttribute("action"), fields });
}

function undo() {
  const last = past.pop();
  if (!last || offline()) {
    if (last) past.push(last);
    return;
  }
  save();
  if (!line.drop(last.number)) {
    const path = `/queue/${last.number}/${WAYS_BACK[last.step]}${root.dataset.query}`;
    line.add({ number: last.number, name: last.name, step: "undo", back: true, path, fields: {} });
  }
  const before = stage.number;
  stage.bring(last.number);
  told("step", { ...last, step: "undo" });
  meant = true;
  open(last.number, before);
}

root.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-step]");
  if (!form || !form.closest(".case")) return;
  event.preventDefault();
  const needed = event.submitter?.value === "other" ? form.querySelector("[name=note]") : null;
  if (needed && !needed.value.trim()) needed.focus();
  else take(form, event.submitter);
});

// ── Keys ────────────────────────────────────────────────────────────────────────────────────────
const inCase = (selector) => stage.current?.querySelector(selector);
const send = (step) => { const form = inCase(`form[data-step="${step}"]`); if (form) take(form, form.querySelector("button")); };
const bulk = document.getElementById("bulk");
const choose = (outcome) => stage.chosen().length > 0 && (bulk.requestSubmit(bulk.querySelector(`[value=${outcome}]`)), true);
let marked = null;

function pick(kind) {
  const found = inCase(`.pick[data-pick="${kind}"]`);
  if (!found) return;
  found.open = !found.open;
  if (found.open) found.querySelector("button:not([hidden])")?.focus();
}

function select(through) {
  const rows = stage.rows();
  const here = rows.findIndex((row) => Number(row.dataset.case) === stage.number);
  const box = rows[here]?.querySelector("input");
  if (!box) return;
  const from = through && marked !== null ? rows.findIndex((row) => Number(row.dataset.case) === marked) : here;
  const on = through || !box.checked;
  for (const row of rows.slice(Math.min(from, here), Math.max(from, here) + 1)) row.querySelector("input").checked = on;
  stage.count();
  marked = stage.number;
}

keys.on("j", () => move(1));
keys.on("k", () => move(-1));
keys.on("a", () => choose("accept") || send("accept"));
keys.on("t", () => choose("tag") || send("tag"));
keys.on("r", () => choose("reject") || pick("reject"));
keys.on("s", () => pick("snooze"));
keys.on("f", () => pick("feedback"));
keys.on("u", () => (past.length ? undo() : send("undo")));
keys.on("x", () => select(false));
keys.on("shift+x", () => select(true));
keys.on("e", () => { const found = inCase(".evidence"); if (found) found.open = !found.open; });
keys.on("v", () => {
  const found = inCase(".twin");
  if (found) found.open = !found.open || !inCase(".evidence").open;
  if (found?.open) inCase(".evidence").open = true;
});
for (let digit = 1; digit <= 9; digit += 1) {
  keys.on(String(digit), () => inCase(`.pick[open] [data-digit="${digit}"]`)?.click());
}
keys.on("/", () => {
  root.querySelector(".filter").open = true;
  root.querySelector("[data-search]").focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const found = inCase(".pick[open]");
  if (!found) return;
  found.open = false;
  found.querySelector("summary").focus();
});

root.querySelector("[data-search]")?.addEventListener("input", (event) => stage.filter(event.target.value));
root.querySelector("[data-search]")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const first = stage.rows()[0];
  if (first) open(Number(first.dataset.case));
});
root.addEventListener("click", (event) => {
  const link = event.target.closest(".rows a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  meant = true;
  open(Number(link.closest("li").dataset.case));
});

// ── Coming and leaving ──────────────────────────────────────────────────────────────────────────
window.addEventListener("pagehide", () => {
  const { case: number, until } = stage.current?.dataset ?? {};
  if (number && until) window.navigator.sendBeacon(`/queue/${number}/leave`, new URLSearchParams({ until }));
});
// The list is kept fresh while somebody is there. Looking takes the case in front for another hour and keeps the session
// alive, which both are to end when nobody is.
let seen = Date.now();
let looking = seen;
const look = () => {
  if (document.hidden || offline() || Date.now() - looking < LOOK_EVERY) return;
  looking = Date.now();
  line.refresh();
};
const there = () => { seen = Date.now(); look(); };
for (const kind of ["keydown", "pointermove", "pointerdown"]) window.addEventListener(kind, there, { passive: true });
window.setInterval(() => { if (Date.now() - seen < THERE_FOR) look(); }, LOOK_EVERY);
for (const number of line.busy) stage.take(number);
if (line.steps.length) line.run();
