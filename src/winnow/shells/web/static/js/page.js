// What every page needs of scripts; without them, pages and forms still work.
import { askAgain } from "./asking.js";
import { keys } from "./keys.js";
import { follow } from "./network.js";
import { openPalette } from "./palette.js";
import { followStrip } from "./strip.js";

const dialog = (id) => document.getElementById(id);

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close]");
  if (close) (close.closest("dialog") ?? { close: () => close.closest(".notice")?.remove() }).close();
});

// Whatever was wrong in a form that came back is told first.
document.addEventListener("htmx:after:swap", () => document.querySelector("#page [data-focus]")?.focus());

askAgain();
follow();
followStrip();
keys.on("?", () => dialog("keys").showModal());
keys.on("/", () => document.querySelector("[data-search]")?.focus());
keys.on("!", () => dialog("stop-now")?.click());
for (const option of document.querySelectorAll("#palette-list [data-key]")) {
  keys.on(`g ${option.dataset.key}`, () => window.location.assign(option.dataset.path));
}
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    openPalette(dialog("palette"));
  }
});
// On a narrow screen the menu closes when something else is tapped.
document.addEventListener("click", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});
