// Steps on their way to the service: one after another, each until it was answered. What cannot be sent waits, and
// survives a reload of the page. Nothing is kept but numbers of cases and what was decided.
const KEPT = "winnow-unsent";
const AGAIN = 3000;

export class Line {
  // tells: what is called with a step, answered(step) and refused(step, text); with what comes next, looked(html) and
  // lost(); away(flag); ask(what) proves who one is; waits(): somebody waits for what comes next
  constructor(tells) {
    this.tells = tells;
    this.steps = JSON.parse(window.sessionStorage.getItem(KEPT) ?? "[]");
    this.wanted = null;
    this.running = false;
    window.addEventListener("online", () => this.run());
    window.addEventListener("beforeunload", (event) => { if (this.steps.length > 1 || this.away) event.preventDefault(); });
  }

  get busy() { return this.steps.map((step) => step.number); }

  add(step) {
    this.steps.push({ ...step, key: window.crypto.randomUUID() });
    this.keep();
    this.run();
  }

  // Take a step back that was not sent yet; whether there was one.
  drop(number) {
    const place = this.steps.findIndex((step, index) => step.number === number && (index > 0 || !this.running));
    if (place < 0) return false;
    this.steps.splice(place, 1);
    this.keep();
    return true;
  }

  // Ask for the list once all steps are done; asked for again meanwhile, it is asked for once.
  refresh(left = null) {
    this.wanted = this.wanted ?? new Set();
    if (left !== null) this.wanted.add(left);
    return this.run();
  }

  keep() { window.sessionStorage.setItem(KEPT, JSON.stringify(this.steps)); }

  async run() {
    if (this.running) return;
    this.running = true;
    try {
      while (this.steps.length || this.wanted) await (this.steps.length ? this.step(this.steps[0]) : this.look());
      this.hold(false);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.hold(true);
      window.setTimeout(() => this.run(), AGAIN);
    } finally {
      this.running = false;
    }
  }

  hold(away) {
    if (away === Boolean(this.away)) return;
    this.away = away;
    this.tells.away(away && this.steps.length > 0);
  }

  async step(step) {
    const headers = { "idempotency-key": step.key };
    const answer = await send(step.path, step.fields, headers);
    const text = await answer.text();
    const asked = answer.headers.get("x-ask");
    if (asked && (await this.tells.ask(asked))) return;
    this.steps.shift();
    this.keep();
    if (answer.ok) this.tells.answered(step);
    else this.tells.refused(step, text);
  }

  async look() {
    const left = [...this.wanted];
    this.wanted = null;
    try {
      const answer = await send(this.tells.ahead(), this.tells.shown(left));
      const asked = answer.headers.get("x-ask");
      if (answer.ok) this.tells.looked(await answer.text());
      else if (!asked || !this.tells.waits()) this.tells.lost();
      else if (await this.tells.ask(asked)) this.wanted = new Set([...left, ...(this.wanted ?? [])]);
    } catch (error) {
      this.wanted = new Set([...left, ...(this.wanted ?? [])]);
      throw error;
    }
  }
}

// What a page says to the service; it arrives even if the page is closed meanwhile.
function send(path, fields, headers = {}) {
  return fetch(path, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "hx-request": "true", ...headers },
    keepalive: true,
  });
}
