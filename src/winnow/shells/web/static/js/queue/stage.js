// The list and the cases behind it: one is shown, the next ones are there already, and those just decided may come back.
const MOST_KEPT = 12;

export class Stage {
  constructor(root) {
    this.root = root;
    this.place = root.querySelector("#cases");
    this.current = root.querySelector(".case:not([hidden])");
    this.gone = new Set();
    this.find = "";
  }

  get number() { return this.current ? Number(this.current.dataset.case) : null; }

  row(number) { return this.root.querySelector(`.rows > [data-case="${number}"]`); }

  article(number) { return document.getElementById(`case-${number}`); }

  rows() { return [...this.root.querySelectorAll(".rows > li:not([hidden])")]; }

  held() {
    return [...this.root.querySelectorAll(".case")].map((each) => Number(each.dataset.case)).filter((each) => !this.gone.has(each));
  }

  // The row `steps` further on in the list, round at its end; `free`: one that nobody else has.
  beside(number, steps, free = false) {
    const rows = [...this.root.querySelectorAll(".rows > li")];
    const start = rows.findIndex((row) => Number(row.dataset.case) === number);
    for (let at = 1; at <= rows.length; at += 1) {
      const row = rows[(start + steps * at + rows.length * at) % rows.length];
      if (row && !row.hidden && Number(row.dataset.case) !== number && !(free && "taken" in row.dataset)) return Number(row.dataset.case);
    }
    return null;
  }

  // Put a case in front; false when it is not here.
  show(number) {
    const article = this.article(number);
    if (!article) return false;
    if (this.current && this.current !== article) this.current.hidden = true;
    article.hidden = false;
    this.current = article;
    this.mark();
    this.root.querySelector("#clear").hidden = true;
    article.querySelector("h2").focus({ preventScroll: true });
    if (article.getBoundingClientRect().top < 0) article.scrollIntoView({ block: "start" });
    this.row(number)?.scrollIntoView({ block: "nearest" });
    return true;
  }

  mark() {
    for (const link of this.root.querySelectorAll(".rows a")) {
      const here = Number(link.closest("li").dataset.case) === this.number;
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  // Nothing is in front, because nothing waits, or because what is wanted is still on its way.
  blank(clear) {
    if (this.current) this.current.hidden = true;
    this.current = null;
    this.root.querySelector("#clear").hidden = !clear;
    this.place.setAttribute("aria-busy", String(!clear));
  }

  take(number) {
    this.gone.add(number);
    const row = this.row(number);
    if (row) row.hidden = true;
  }

  bring(number) {
    this.gone.delete(number);
    const row = this.row(number);
    if (row) row.hidden = !this.fits(row);
  }

  fits(row) { return row.textContent.toLowerCase().includes(this.find); }

  filter(text) {
    this.find = text.trim().toLowerCase();
    for (const row of this.root.querySelectorAll(".rows > li")) row.hidden = this.gone.has(Number(row.dataset.case)) || !this.fits(row);
  }

  // The list as it is now, and cases that were not here. `busy`: what is decided here and not yet there.
  renew(answer, busy) {
    const chosen = new Set(this.chosen());
    for (const id of ["counters", "rows"]) this.root.querySelector(`#${id}`).replaceWith(answer.querySelector(`#${id}`));
    for (const number of [...this.gone]) if (!busy.includes(number) && this.row(number)) this.gone.delete(number);
    for (const row of this.root.querySelectorAll(".rows > li")) {
      const number = Number(row.dataset.case);
      row.hidden = this.gone.has(number) || !this.fits(row);
      const box = row.querySelector("input");
      if (box) box.checked = chosen.has(number);
    }
    for (const fresh of answer.querySelectorAll(".case")) {
      const old = document.getElementById(fresh.id);
      if (old && old === this.current) continue;
      if (old) old.remove();
      this.place.insertBefore(fresh, this.root.querySelector("#clear"));
    }
    const past = [...this.root.querySelectorAll(".case")].filter((each) => this.gone.has(Number(each.dataset.case)));
    for (const each of past.slice(0, -MOST_KEPT)) each.remove();
    this.place.setAttribute("aria-busy", "false");
    this.mark();
  }

  chosen() { return [...this.root.querySelectorAll(".rows input:checked")].map((box) => Number(box.value)); }
}
