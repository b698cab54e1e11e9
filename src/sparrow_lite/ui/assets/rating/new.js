// The form for a new session.

import { call } from "./api.js";
import { byId, clean, fill, make, plural } from "./elements.js";
import { field, names, select, source, text, toggle, whole } from "./fields.js";
import { PROTOCOL_NOTES, PROTOCOLS } from "./words.js";
import { attempt, signedIn, trouble } from "./signed.js";

const NEXT_FOR = { plausible_supported: "supported_and_plausible", rule_rating: "violations" };

await signedIn("organiser");
try { show(await call("/choices")); } catch (fault) { trouble(fault); }

function show(offered) {
  const asked = new URLSearchParams(location.search).get("run") || "";
  const from = source(offered.runs, asked);
  const protocols = offered.protocols.map(({ name }, place) => make("label", { class: "card" }, make("input", { type: "radio", name: "protocol", value: name, checked: place === 0 }), make("span", null, make("b", null, PROTOCOLS[name] || name), make("small", null, PROTOCOL_NOTES[name] || ""))));
  const name = text({ required: true, maxlength: 200, value: asked ? `People on ${asked}` : "", placeholder: "Spring study" });
  const raters = make("textarea", { rows: 4, placeholder: "Ann\nBen\nCem" });
  const accounts = make("select", { multiple: true, size: Math.min(5, Math.max(2, offered.accounts.length)) }, offered.accounts.map((one) => make("option", { value: one }, one)));
  const overlap = whole(2, 1, 100);
  const checks = whole(10, 0, 99);
  const mark = whole(75, 0, 100);
  const seed = whole(0, 0, 4294967295);
  const limit = make("input", { type: "number", min: 1, step: 1, placeholder: "All" });
  const draw = select([["random", "at random"], ["next", "those whose rating narrows the interval most"]]);
  const qualify = toggle("Practice first", "Items with known answers, explained afterwards. Who does not reach the mark, stops there.", true);
  const offend = toggle("Warn that texts may offend", "Raters are told before they begin.", true);
  const rules = make("select", { multiple: true, size: 7 }, offered.rules.map((one) => make("option", { value: one.id, "data-probed": String(one.probed) }, one.name)));
  const arms = text({ placeholder: "full" });
  const rounds = whole(1, 1, 20);
  const dialogues = whole(1, 1, 1000);
  const note = make("p", { class: "form-fault", role: "alert" });
  const plan = make("p", { class: "plan", role: "status" });
  const own = {
    rules: field("Rules", rules, "None chosen: for rule rating the one that each case was meant to break, for probing all that are probed. Hold Ctrl to choose several."),
    arms: field("Who answers the raters", arms, "Names of arms with commas between: one for probing, two to four for a dialogue. See sparrow-lite eval --arm."),
    rounds: field("Rounds", rounds, "With more than one, the chosen reply goes on and the rater writes the next turn."),
    dialogues: field("Dialogues for each rule", dialogues),
    draw: field("Which ones", draw),
  };
  const protocol = () => form.elements.protocol.value;
  const form = make("form", { class: "organise", onsubmit: send, oninput: update },
    make("fieldset", null, make("legend", null, "What people are asked"), make("div", { class: "cards" }, protocols)),
    make("fieldset", null, make("legend", null, "What they see"), from.element, make("div", { class: "pair" }, field("Most items", limit, "Empty: all that the protocol can ask about."), own.draw), own.rules, make("div", { class: "pair" }, own.rounds, own.dialogues, own.arms)),
    make("fieldset", null, make("legend", null, "Who rates"), make("div", { class: "pair" }, field("Raters with a personal link", raters, "One name a line. Only you see the names."), offered.accounts.length > 0 && field("Raters who sign in", accounts, "Hold Ctrl to choose several.")),
      make("div", { class: "trio" }, field("Raters of each item", overlap), field("Checks among items, %", checks), field("Pass mark, %", mark)), plan),
    make("fieldset", null, make("legend", null, "How it begins"), field("Name of the session", name, "Raters see it."), qualify.element, offend.element, field("Seed", seed, "The same rows, raters and seed give the same assignment.")),
    note, make("p", { class: "form-acts" }, make("a", { class: "act", href: "/rate/organise" }, "Cancel"), make("button", { class: "act main" }, "Create the session")));

  function everybody() { return names(raters).length + accounts.selectedOptions.length; }

  function update() {
    const kind = protocol();
    const talks = kind === "probing" || (kind === "preference" && Number(rounds.value) > 1);
    from.element.parentElement.classList.toggle("optional", kind === "probing");
    own.rules.hidden = !["probing", "rule_rating"].includes(kind);
    own.rounds.hidden = kind !== "preference";
    own.dialogues.hidden = kind !== "probing";
    own.arms.hidden = !talks;
    own.draw.hidden = !(kind in NEXT_FOR) || !from.run.value;
    mark.disabled = !qualify.box.checked;
    for (const one of rules.options) { one.hidden = kind === "probing" && one.dataset.probed === "false"; if (one.hidden) one.selected = false; }
    const count = everybody();
    const few = count < Number(overlap.value);
    plan.classList.toggle("bad", count > 0 && few);
    plan.textContent = !count ? "" : few ? `${plural(Number(overlap.value), "rater")} for each item need as many raters; there ${count === 1 ? "is" : "are"} ${count}.`
      : limit.value && kind !== "probing" ? `${Math.ceil(limit.value * overlap.value / count)} items for each of ${plural(count, "rater")}, and checks.` : `Each item goes to ${overlap.value} of ${plural(count, "rater")}.`;
  }

  async function send(event) {
    event.preventDefault();
    const button = form.querySelector("button.main");
    button.disabled = true;
    note.textContent = "";
    const kind = protocol();
    try {
      const read = await from.read();
      if (!own.draw.hidden && draw.value === "next" && read.run) read.next_for = NEXT_FOR[kind];
      const made = await call("/sessions", { body: {
        name: name.value, protocol: kind, source: read, raters: names(raters), accounts: [...accounts.selectedOptions].map((one) => one.value),
        overlap: Number(overlap.value), checks: Number(checks.value) / 100, seed: Number(seed.value), pass_mark: Number(mark.value) / 100,
        qualification: qualify.box.checked, offensive: offend.box.checked, limit: limit.value ? Number(limit.value) : null,
        rules: own.rules.hidden ? [] : [...rules.selectedOptions].map((one) => one.value), arms: own.arms.hidden ? [] : arms.value.split(",").map((one) => one.trim()).filter(Boolean),
        rounds: kind === "preference" && Number(rounds.value) > 1 ? Number(rounds.value) : null, dialogues: kind === "probing" ? Number(dialogues.value) : null } });
      try { sessionStorage.setItem(`sparrow-rate:made:${made.session}`, JSON.stringify(made)); } catch { /* Then the notes are not shown. */ }
      location.href = `/rate/organise/${made.session}`;
    } catch (fault) {
      if (fault.status === 401) { await attempt(() => { throw fault; }); return; }
      note.textContent = clean(fault.message);
      button.disabled = false;
      note.scrollIntoView({ block: "center" });
    }
  }

  fill(byId("main"), make("section", { class: "column narrow" }, make("h1", null, "New rating session"), form));
  update();
}
