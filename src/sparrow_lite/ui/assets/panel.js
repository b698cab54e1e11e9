// The source panel: beside the dialogue on a wide screen, a modal bottom sheet on a phone.
const byId = (id) => document.getElementById(id);
const isPhone = () => matchMedia("(max-width: 800px)").matches;
let opener = null;

function openSource(button) {
  const source = byId(button.dataset.from);
  const panel = byId("panel");
  if (!source) return;
  closePanel(false);
  byId("panel-title").textContent = source.dataset.heading;
  byId("panel-body").replaceChildren(...source.cloneNode(true).childNodes);
  opener = button;
  button.setAttribute("aria-expanded", "true");
  if (isPhone()) panel.showModal(); else panel.show();
  panel.scrollTop = 0;
  byId("panel-title").focus();
  byId("panel-body").querySelector("mark")?.scrollIntoView({ block: "nearest" });
}

function closePanel(refocus) {
  const panel = byId("panel");
  if (panel?.open) panel.close();
  opener?.removeAttribute("aria-expanded");
  if (refocus && opener?.isConnected) opener.focus();
  opener = null;
}
