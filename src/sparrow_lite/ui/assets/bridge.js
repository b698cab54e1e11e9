// The one component that talks to the server: what people do becomes an event, and `props.value` is the
// state that comes back: {ticket, conversation, title, running, model, search, notice, download}.
// Events, as Gradio looks for them by name in this text:
// "ask" "retry" "follow" "open" "stop" "rename" "delete" "export"
let here = null;
let running = false;
let following = false;

// What is older than the last turn of the page is not shown any more.
let ticket = 0;
let shownTicket = 0;
const send = (name, sent = {}) => {
  if (name !== "rename" && name !== "export") ticket += 1;
  trigger(name, { conversation: here, ticket, ...sent });
};

function ask(text) {
  if (running || !text.trim()) return;
  field().value = "";
  fitField();
  running = following = true;
  setRunning(true);
  closePanel(false);
  send("ask", { text, ...choices() });
}

function open(id) {
  closePanel(false);
  if (isPhone()) toggleSide(false);
  following = false;
  here = id;
  send("open");
}

const doings = {
  side: () => toggleSide(),
  theme: nextTheme,
  new: () => { open(null); field().focus(); },
  open: (button) => open(button.dataset.id),
  example: (button) => ask(button.dataset.text),
  source: openSource,
  "close-panel": () => closePanel(true),
  cancel: () => byId("box").close(""),
  stop: () => { following = false; send("stop"); field().focus(); },
  copy: (button) => copyText(byId(button.dataset.from).textContent, button),
  export: (button) => send("export", { form: button.dataset.form }),
  retry: () => {
    if (running) return;
    running = following = true;
    setRunning(true);
    closePanel(false);
    send("retry", choices());
  },
  rename: async ({ dataset: { id, title } }) => {
    const name = await askBox("Rename the conversation", "Rename", title);
    if (name?.trim()) send("rename", { id, title: name });
  },
  delete: async ({ dataset: { id, title } }) => {
    if ((await askBox(`Delete “${title}”?`, "Delete", null)) !== null) send("delete", { id });
  },
};

function show(state) {
  if (!("running" in state)) return;
  if (state.ticket < ticket) {
    // An older screen came late and lies over the newer one: show that again.
    if ("title" in state && state.ticket < shownTicket) { following = false; send("open"); }
    return;
  }
  shownTicket = state.ticket;
  const moved = state.conversation !== here;
  here = state.conversation;
  running = state.running;
  setRunning(running);
  byId("live").hidden = !running;
  if (!running) following = false;
  if ("title" in state) {
    history.replaceState(null, "", here ? `?c=${here}` : location.pathname);
    document.title = state.title ? `${state.title} · Sparrow lite` : "Sparrow lite";
    setTheme(theme());
    requestAnimationFrame(() => reveal(moved));
  }
  setChoices(state);
  if (state.notice) showNotice(state.notice);
  if (state.download) saveFile(state.download);
  if (running && !following) {
    following = true;
    send("follow");
  }
}

let shownExchanges = 0;
function reveal(moved) {
  const exchanges = document.querySelectorAll(".exchange");
  if (moved || exchanges.length !== shownExchanges) exchanges[exchanges.length - 1]?.scrollIntoView({ block: "start" });
  shownExchanges = exchanges.length;
}

watch("value", () => show(props.value));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target) || button) menu.open = false;
  });
  if (!button || (button.tagName === "A" && (event.ctrlKey || event.metaKey || event.shiftKey))) return;
  event.preventDefault();
  doings[button.dataset.do]?.(button);
});

document.addEventListener("keydown", (event) => {
  if (event.target.id === "question" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    ask(field().value);
  } else if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    else if (byId("panel").open && !byId("box").open) { event.preventDefault(); closePanel(true); }
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-composer]")) return;
  event.preventDefault();
  ask(field().value);
});
document.addEventListener("input", (event) => { if (event.target.id === "question") fitField(); });
matchMedia("(max-width: 800px)").addEventListener("change", () => { toggleSide(false); closePanel(false); });
fitField();
if (!isPhone()) field().focus();
