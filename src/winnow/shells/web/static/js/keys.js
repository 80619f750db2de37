// Single keys. They do nothing while somebody types, with Ctrl, Alt or Meta held, in a dialog, or when switched off.
const handlers = new Map();
let before = "";
let timer = 0;

const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName) ||
    (target.tagName === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(target.type)));

const off = () => document.body.dataset.keys === "off" || document.querySelector("dialog[open]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target) || off()) return;
  const key = event.shiftKey && event.key.length === 1 && /[a-z]/i.test(event.key) ? `shift+${event.key.toLowerCase()}` : event.key.toLowerCase();
  const pressed = before ? `${before} ${key}` : key;
  before = "";
  window.clearTimeout(timer);
  const handler = handlers.get(pressed);
  if (handler) {
    event.preventDefault();
    handler(event);
  } else if ([...handlers.keys()].some((each) => each.startsWith(`${pressed} `))) {
    before = pressed;
    timer = window.setTimeout(() => { before = ""; }, 1500);
  }
});

export const keys = {
  // `pressed`: as in "j", "shift+x", "arrowdown", or two after one another as in "g q"
  on: (pressed, handler) => handlers.set(pressed, handler),
};
