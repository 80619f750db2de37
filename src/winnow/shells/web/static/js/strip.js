// The state of the service, kept up to date while the page can be seen: when somebody stops, every open page says so.
const EVERY = 2_500;
const LATER = 15_000;
const PATIENCE = 5_000;
let timer = 0;
let looking = false;

function show(html) {
  const before = document.getElementById("strip");
  const now = new DOMParser().parseFromString(html, "text/html").getElementById("strip");
  if (!before || !now) return;
  const focused = before.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  before.replaceWith(now);
  if (focused !== null) ([...now.querySelectorAll("a")].find((each) => each.getAttribute("href") === focused) ?? document.getElementById("main")).focus();
  if (now.dataset.said !== before.dataset.said) document.getElementById("strip-said").textContent = now.dataset.said;
}

async function look() {
  window.clearTimeout(timer);
  if (looking || document.hidden) return;
  looking = true;
  let next = EVERY;
  try {
    const known = document.getElementById("strip").dataset.version;
    const answer = await fetch(`/strip?known=${known}`, { headers: { "hx-request": "true" }, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 200) show(await answer.text());
    else if (answer.status === 401) next = 0; // the session has ended: whatever is done next asks for it
    else if (!answer.ok) next = LATER;
  } catch {
    next = LATER;
  }
  looking = false;
  if (next) timer = window.setTimeout(look, next);
}

export function followStrip() {
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:after:swap", look);
  timer = window.setTimeout(look, EVERY);
}
