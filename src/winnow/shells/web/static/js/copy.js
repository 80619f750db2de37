// Copies what stands before a button. Browsers allow it on safe connections only; elsewhere the text is selected by hand.
const SHOWN = 2000;

function show() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || button.dataset.before) return;
  const text = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(text.textContent.trim());
  } catch {
    window.getSelection().selectAllChildren(text);
    return;
  }
  const label = button.ariaLabel;
  button.dataset.before = button.textContent;
  button.textContent = button.ariaLabel = button.dataset.copied;
  setTimeout(() => {
    button.textContent = button.dataset.before;
    button.ariaLabel = label;
    delete button.dataset.before;
  }, SHOWN);
});
document.addEventListener("htmx:after:swap", show);
show();
