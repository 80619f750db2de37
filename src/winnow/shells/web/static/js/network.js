// Offline, buttons that would send something wait, and the page says so.
const notices = () => document.getElementById("notices");

export function notice(template) {
  const copy = document.getElementById(template).content.cloneNode(true).firstElementChild;
  copy.dataset.from = template;
  notices().querySelector(`[data-from="${template}"]`)?.remove();
  notices().append(copy);
}

// Let nothing be sent, or let it be sent again.
export function hold(away) {
  document.body.toggleAttribute("data-offline", away);
  for (const button of document.querySelectorAll("button:not([type=button]):not(dialog button)")) button.disabled = away;
}

export function follow() {
  const update = () => {
    const away = !window.navigator.onLine;
    hold(away);
    if (away) notice("offline");
    else notices().querySelector('[data-from="offline"]')?.remove();
  };
  window.addEventListener("online", update);
  window.addEventListener("offline", update);
  if (!window.navigator.onLine) update();
  document.addEventListener("htmx:error", () => notice("unreached"));
}
