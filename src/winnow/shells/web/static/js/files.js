// A file that is chosen goes into the text field it names, as if it had been pasted.
document.addEventListener("change", async (event) => {
  const into = event.target.dataset?.into;
  const [file] = (into && event.target.files) || [];
  if (!file) return;
  const area = document.getElementById(into);
  area.value = await file.text();
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
