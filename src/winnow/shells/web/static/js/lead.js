// Buttons that say which key presses them.
import { keys } from "./keys.js";

for (const pressed of new Set([...document.querySelectorAll("[data-press]")].map((each) => each.dataset.press))) {
  keys.on(pressed, () => document.querySelector(`[data-press="${pressed}"]`)?.click());
}
