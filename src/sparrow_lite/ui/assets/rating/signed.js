// Who is signed in: the form to sign in where nobody is, and the bar of the organiser's pages.

import { call } from "./api.js";
import { announce, button, byId, clean, fill, make } from "./elements.js";

const COMMAND = "sparrow-lite rate account NAME --organiser";

// Resolves to the account once somebody is signed in who may see the page.
export async function signedIn(role = null) {
  try {
    const account = await call("/me");
    if (!role || account.role === role) return shown(account);
    return await form(`You are signed in as ${account.name}, and this page is for organisers.`);
  } catch (fault) {
    if (fault.status !== 401) { trouble(fault); return new Promise(() => {}); }
    return form("");
  }

  function shown(account) {
    drawBar(account);
    return account;
  }

  async function form(words) {
    const { organisers } = await call("/anybody").catch(() => ({ organisers: true }));
    return new Promise((resolve) => {
      const name = make("input", { name: "name", autocomplete: "username", required: true, autofocus: true, maxlength: 80 });
      const password = make("input", { name: "password", type: "password", autocomplete: "current-password", required: true, maxlength: 200 });
      const note = make("p", { class: "form-fault", role: "alert" }, words);
      const send = make("button", { class: "act main wide" }, "Sign in");
      const signing = async (event) => {
        event.preventDefault();
        send.disabled = true;
        try {
          const account = await call("/sign-in", { body: { name: name.value, password: password.value } });
          if (role && account.role !== role) throw new Error(`The account ${account.name} is none of an organiser.`);
          fill(byId("main"), make("p", { class: "wait" }, "Opening…"));
          resolve(shown(account));
        } catch (fault) {
          note.textContent = clean(fault.message);
          send.disabled = false;
          password.select();
        }
      };
      fill(byId("main"), make("section", { class: "sign-in" }, make("h1", null, role ? "Rating sessions" : "Rate"),
        organisers || !role ? make("p", { class: "lead" }, role ? "Sign in to make and lead sessions." : "Sign in with the account that you were given. With a personal link you need none: open the link.")
          : make("p", { class: "lead" }, "There is no organiser yet. Make the first one where this app runs, then sign in:"),
        !organisers && role && make("pre", null, make("code", null, COMMAND)),
        make("form", { onsubmit: signing }, make("label", null, "Name", name), make("label", null, "Password", password), note, send)));
      name.focus();
    });
  }
}

export function drawBar(account) {
  const link = (path, words) => make("a", { href: path, "aria-current": location.pathname.startsWith(path) ? "page" : null }, words);
  fill(byId("bar-room"), make("nav", { class: "pages", "aria-label": "Pages" }, make("a", { href: "/" }, "Chat"), make("a", { href: "/results" }, "Results"),
    account.role === "organiser" ? link("/rate/organise", "Rating") : link("/rate", "Rating")),
  make("span", { class: "who-am-i" }, make("bdi", null, account.name), button("Sign out", async () => { await call("/sign-out", { body: {} }).catch(() => {}); location.href = account.role === "organiser" ? "/rate/organise" : "/rate"; }, { class: "act quiet small" })));
}

export function trouble(fault) {
  fill(byId("main"), make("section", { class: "column" }, make("h1", null, "That did not work"), make("p", { class: "lead" }, fault.message), make("p", null, button("Try again", () => location.reload(), { class: "act main" }))));
}

// What went wrong, or right, told on the page and to screen readers.
export function tell(words, kind = "") {
  announce(words);
  const told = byId("notice") || document.body.appendChild(make("p", { id: "notice" }));
  told.textContent = clean(words);
  told.className = `on ${kind}`;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => told.classList.remove("on"), 5000);
}

export async function attempt(act) {
  try { return await act(); } catch (fault) {
    if (fault.status === undefined) throw fault;
    if (fault.status === 401) location.reload();
    tell(fault.message, "bad");
    return null;
  }
}
