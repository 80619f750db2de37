// Signals are found by a few letters, and put into the condition where the cursor stands.
const found = (words) => {
  let shown = 0;
  for (const item of document.querySelectorAll("#signal-list [data-words]")) {
    item.hidden = !words.every((word) => item.dataset.words.includes(word));
    shown += item.hidden ? 0 : 1;
  }
  document.getElementById("no-signal").hidden = shown > 0;
};

document.addEventListener("input", (event) => {
  if (event.target.id === "signal-search") found(event.target.value.toLowerCase().split(/\s+/));
});

document.addEventListener("click", (event) => {
  const name = event.target.closest("[data-insert]")?.dataset.insert;
  if (!name) return;
  const area = document.getElementById("when");
  const before = area.value.slice(0, area.selectionStart);
  const space = before && !/[\s(!]$/.test(before) ? " " : "";
  area.setRangeText(`${space}${name}`, area.selectionStart, area.selectionEnd, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
