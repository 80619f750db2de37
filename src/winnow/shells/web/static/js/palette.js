// The command palette: type a few letters, go to a page.
export function openPalette(palette) {
  const input = palette.querySelector("input");
  const options = [...palette.querySelectorAll("[role=option]")];
  let chosen = 0;

  const shown = () => options.filter((option) => !option.hidden);
  const choose = (index) => {
    const all = shown();
    chosen = all.length ? (index + all.length) % all.length : 0;
    options.forEach((option) => option.setAttribute("aria-selected", String(option === all[chosen])));
    input.setAttribute("aria-activedescendant", all[chosen]?.id ?? "");
  };
  const filter = () => {
    const wanted = input.value.trim().toLowerCase();
    options.forEach((option) => { option.hidden = !option.textContent.toLowerCase().includes(wanted); });
    choose(0);
  };
  const go = (option) => option && window.location.assign(option.dataset.path);

  input.value = "";
  input.oninput = filter;
  input.onkeydown = (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") go(shown()[chosen]);
    else return;
    event.preventDefault();
  };
  palette.onclick = (event) => {
    if (event.target === palette) palette.close();
    go(event.target.closest("[role=option]"));
  };
  filter();
  palette.showModal();
}
