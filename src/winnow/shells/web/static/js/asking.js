// A session that has ended, or a step that needs the password once more: asked for in a dialog over the page, so that
// nothing typed is lost; then the very same is sent again.
const SIGN_IN = "sign-in";

// Ask, and resolve to whether it was answered. `what`: "sign-in" or "confirm", as the service names it in `x-ask`.
export function ask(what) {
  const dialog = document.getElementById("ask");
  const form = dialog.querySelector("form");
  const wrong = form.querySelector(".wrong");
  for (const each of form.querySelectorAll("[data-sign-in]")) {
    each.textContent = what === SIGN_IN ? each.dataset.signIn : each.dataset.confirm;
  }
  wrong.hidden = true;
  form.reset();
  dialog.showModal();
  return new Promise((resolve) => {
    let answered = false;
    form.onsubmit = async (event) => {
      event.preventDefault();
      wrong.hidden = true;
      const answer = await prove(what, form).catch(() => ({ ok: false, said: "" }));
      if (answer.ok) {
        answered = true;
        dialog.close();
      } else {
        wrong.textContent = answer.said;
        wrong.hidden = false;
        form.querySelector("input").focus();
      }
    };
    dialog.onclose = () => resolve(answered);
  });
}

async function prove(what, form) {
  const said = { password: form.elements.password.value, code: form.elements.code.value || null };
  const body = JSON.stringify(what === SIGN_IN ? { email: form.dataset.email, ...said } : said);
  const address = what === SIGN_IN ? "/v1/session" : "/v1/session/confirm";
  const answer = await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body });
  if (answer.ok) return { ok: true };
  const problem = await answer.json();
  const text = `${problem.detail}.`;
  return { ok: false, said: text.charAt(0).toUpperCase() + text.slice(1) };
}

// Do it for everything htmx sends.
export function askAgain() {
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const what = ctx.response.headers.get("x-ask");
    if (!what) return;
    event.preventDefault();
    const source = ctx.sourceElement;
    ask(what).then((answered) => {
      if (answered) source instanceof HTMLFormElement ? source.requestSubmit() : source.click();
    });
  });
}
