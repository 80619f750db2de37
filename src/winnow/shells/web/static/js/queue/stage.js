// The list and the cases behind it: one is shown, the next ones are there already, and those just decided may come back.
const MOST_KEPT = 12;

export class Stage {
  constructor(root) {
    this.root = root;
    this.place = root.querySelector("#cases");
    this.current = root.querySelector(".case:not([hidden])");
    this.gone = new Set();
    this.find = "";
    this.marked = root.querySelector(".rows [aria-current]");
    this.known = new Map([...root.querySelectorAll(".rows > li")].map((row) => [row.dataset.case, written(row)]));
    root.classList.add("live");
    root.addEventListener("change", () => this.count());
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

  // Put a case in front; false when it is not here. All is written first: what is asked of the page after that makes
  // the browser work out its layout, once.
  show(number) {
    const article = this.article(number);
    if (!article) return false;
    if (this.current && this.current !== article) this.current.hidden = true;
    article.hidden = false;
    this.current = article;
    this.mark();
    this.root.querySelector("#clear").hidden = true;
    return true;
  }

  // Let the reader begin at its top.
  face() {
    this.current?.querySelector("h2").focus({ preventScroll: true });
    if (this.current?.getBoundingClientRect().top < 0) this.current.scrollIntoView({ block: "start" });
    this.row(this.number)?.scrollIntoView({ block: "nearest" });
  }

  mark() {
    const link = this.row(this.number)?.querySelector("a") ?? null;
    if (link === this.marked && link?.isConnected) return;
    this.marked?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "true");
    this.marked = link;
  }

  count() {
    document.getElementById("bulk")?.toggleAttribute("data-some", this.chosen().length > 0);
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
    const counters = this.root.querySelector("#counters");
    const now = answer.querySelector("#counters").innerHTML;
    if (counters.innerHTML !== now) counters.innerHTML = now;
    for (const number of [...this.gone]) if (!busy.includes(number) && answer.querySelector(`.rows > [data-case="${number}"]`)) this.gone.delete(number);
    this.lineUp([...answer.querySelectorAll(".rows > li")]);
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

  // Only rows that are new or read otherwise are drawn anew.
  lineUp(rows) {
    const list = this.root.querySelector("#rows");
    const chosen = new Set(this.chosen());
    const ready = rows.map((row) => {
      const old = this.row(row.dataset.case);
      if (old && this.known.get(row.dataset.case) === written(row)) return old;
      this.known.set(row.dataset.case, written(row));
      if (chosen.has(Number(row.dataset.case))) row.querySelector("input").checked = true;
      return row;
    });
    for (const row of [...list.children]) if (!ready.includes(row)) row.remove();
    ready.forEach((row, place) => { if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null); });
    for (const row of ready) {
      const hidden = this.gone.has(Number(row.dataset.case)) || !this.fits(row);
      if (row.hidden !== hidden) row.hidden = hidden;
    }
    this.count();
  }

  chosen() { return [...this.root.querySelectorAll(".rows input:checked")].map((box) => Number(box.value)); }
}

// What a row says, whether or not it is the one in front.
function written(row) {
  return row.innerHTML.replace(' aria-current="true"', "");
}
