// The list of cases: what the filters let through, a page at a time.

const ROWS_A_PAGE = 100;
const OUTCOMES = [["kept", "Kept"], ["broken", "Broken"], ["unscored", "Unscored"], ["any_broken", "Any rule broken"], ["failed", "Failed"]];
const ANSWERS = [["both", "Supported and plausible"], ["plausible", "Plausible only"], ["supported", "Supported only"], ["neither", "Neither"], ["unscored", "Unscored"]];

const TESTS = {
  search: (one, words) => words.toLowerCase().split(/\s+/).every((word) => one.probe.sought.includes(word)),
  arm: (one, arm) => one.arm === arm,
  kind: (one, kind) => one.probe.kind === kind,
  suite: (one, suite) => one.probe.suite === suite,
  rule: (one, rule) => one.probe.rule === rule,
  attack: (one, attack) => one.probe.attack === attack,
  outcome: (one, outcome) => (outcome === "any_broken" ? one.broken.length > 0 : one.outcome === outcome),
  answer: (one, answer) => one.answer === answer,
  given: (one, given) => {
    if (given === "declined") return one.refused === 1;
    if (given === "answered") return !one.abstained && one.outcome !== "failed";
    return given === "abstained" ? one.abstained !== "" : one.abstained === given;
  },
};

function choose(cases, filters) {
  const wanted = Object.entries(filters).filter(([name, value]) => value && Object.hasOwn(TESTS, name));
  return cases.filter((one) => wanted.every(([name, value]) => TESTS[name](one, value)));
}

function fillFilters(form, cases) {
  const distinct = (read) => [...new Set(cases.map(read))].filter(Boolean);
  const named = (read, name = plainName) => distinct(read).map((id) => [id, name(id)]);
  const known = (pairs, present) => pairs.filter(([id]) => present.has(id));
  const outcomes = new Set(distinct((one) => one.outcome));
  if (cases.some((one) => one.broken.length)) outcomes.add("any_broken");
  const options = {
    arm: named((one) => one.arm, clean),
    kind: named((one) => one.probe.kind),
    suite: named((one) => one.probe.suite, clean),
    rule: named((one) => one.probe.rule, ruleName),
    attack: named((one) => one.probe.attack),
    outcome: known(OUTCOMES, outcomes),
    answer: known(ANSWERS, new Set(distinct((one) => one.answer))),
    given: [["answered", "Answered"], ["declined", "Declined"], ["abstained", "Abstained"], ...named((one) => one.abstained, (id) => `– ${plainName(id)}`)],
  };
  for (const [name, pairs] of Object.entries(options)) {
    const select = form.elements[name];
    select.replaceChildren(make("option", { value: "" }, "All"), ...pairs.map(([value, text]) => make("option", { value }, text)));
    select.parentElement.hidden = pairs.length < 2;
  }
}

function resultChip(one, short = false) {
  if (one.outcome === "failed") return chip("bad", "Failed");
  if (one.probe.kind === "question") {
    if (one.abstained) return chip("", "Abstained");
    const kind = { both: "good", neither: "bad" }[one.answer] || "unsure";
    if (short && one.answer === "both") return make("span", { class: "chip good", title: "Supported and plausible" }, "S&P");
    return chip(kind, (ANSWERS.find(([id]) => id === one.answer) || ["", "Unscored"])[1]);
  }
  if (one.probe.kind === "carve_out" && one.refused) return chip("bad", "Declined");
  return chip({ kept: "good", broken: "bad" }[one.outcome] || "unsure", plainName(one.outcome));
}

function row(one, place) {
  const about = [one.probe.rule ? ruleName(one.probe.rule) : one.probe.suite, one.probe.attack && plainName(one.probe.attack), one.sample > 0 && `sample ${one.sample + 1}`];
  const current = one.key === place.open;
  return make("li", null, make("a", { class: "row", href: hashOf({ ...place, open: one.key }), "data-key": one.key, "aria-current": current ? "true" : null },
    make("span", { class: "said", dir: "auto" }, one.probe.text.replace(/\s*\n\s*/g, "  ⏎  ").slice(0, 240)),
    resultChip(one, true),
    make("span", { class: "about" }, armMark(one.arm), about.filter(Boolean).map((text) => make("span", null, text)))));
}

function showList(chosen, total, place) {
  const pages = Math.max(1, Math.ceil(chosen.length / ROWS_A_PAGE));
  const page = Math.min(place.page, pages - 1);
  const first = page * ROWS_A_PAGE;
  const shown = chosen.slice(first, first + ROWS_A_PAGE);
  const count = chosen.length.toLocaleString("en");
  byId("found").textContent = chosen.length === total ? `${count} conversations` : `${count} of ${total.toLocaleString("en")} conversations`;
  byId("reset").hidden = Object.keys(place.filters).length === 0;
  byId("rows").replaceChildren(...shown.map((one) => row(one, { ...place, page })));
  if (!shown.length) byId("rows").append(make("li", { class: "nothing" }, total ? "Nothing fits these filters." : "This run has no cases yet."));
  byId("page").textContent = `${(first + 1).toLocaleString("en")} to ${(first + shown.length).toLocaleString("en")}`;
  byId("before").disabled = page === 0;
  byId("after").disabled = page >= pages - 1;
  byId("before").parentElement.hidden = pages === 1;
}
