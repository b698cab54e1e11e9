// The question box, the notice, and what the browser does for us: copy, download, theme, sidebar.
function askBox(title, yes, text) {
  const box = byId("box");
  const input = byId("box-field");
  byId("box-title").textContent = title;
  byId("box-yes").textContent = yes;
  input.hidden = text === null;
  input.value = text ?? "";
  box.returnValue = "";
  box.showModal();
  if (text !== null) input.select();
  return new Promise((resolve) => {
    box.addEventListener("close", () => resolve(box.returnValue === "yes" ? input.value : null), { once: true });
  });
}

let noticeTimer = 0;
function showNotice(text) {
  const notice = byId("notice");
  notice.textContent = text;
  notice.classList.add("on");
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => notice.classList.remove("on"), 6000);
}

async function copyText(text, button) {
  const label = button.querySelector("span");
  try {
    await navigator.clipboard.writeText(text);
    label.textContent = "Copied";
  } catch {
    // The clipboard is closed to pages that came over plain http from another machine.
    label.textContent = "Select and copy by hand";
  }
  setTimeout(() => { label.textContent = "Copy"; }, 2000);
}

function saveFile({ name, type, text }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const THEMES = ["system", "light", "dark"];
function setTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  localStorage.setItem("sparrow-theme", theme);
  const label = document.querySelector("[data-theme-name]");
  if (label) label.textContent = theme[0].toUpperCase() + theme.slice(1) + " theme";
}
const theme = () => {
  const kept = localStorage.getItem("sparrow-theme");
  return THEMES.includes(kept) ? kept : "system";
};
const nextTheme = () => setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);

function toggleSide(open) {
  const root = document.documentElement;
  const toggled = open ?? root.dataset.side !== "toggled";
  if (toggled) root.dataset.side = "toggled"; else delete root.dataset.side;
}
