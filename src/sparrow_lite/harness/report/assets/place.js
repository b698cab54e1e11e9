// What is shown is told by the address alone: `#figures` or a section, or `#case=KEY&arm=…` with filters.

const FILTERS = ["search", "arm", "kind", "suite", "rule", "attack", "outcome", "answer", "given"];

function readPlace() {
  const hash = location.hash.slice(1);
  if (hash !== "cases" && !hash.includes("=")) return { view: "figures", section: hash, filters: {}, open: "", page: 0 };
  const told = new URLSearchParams(hash);
  const filters = Object.fromEntries(FILTERS.filter((name) => told.get(name)).map((name) => [name, told.get(name)]));
  return { view: "cases", filters, open: told.get("case") || "", page: Math.max(0, Number(told.get("page")) - 1 || 0) };
}

function hashOf({ filters, open, page }) {
  const told = new URLSearchParams();
  if (open) told.set("case", open);
  for (const [name, value] of Object.entries(filters)) if (value) told.set(name, value);
  if (page) told.set("page", page + 1);
  return `#${told.toString() || "cases"}`;
}

// A filter leaves no trace in the browser's history; an opened conversation does, so that Back closes it.
function go(place, { traced = false } = {}) {
  if (traced) location.hash = hashOf(place);
  else location.replace(hashOf(place));
}
