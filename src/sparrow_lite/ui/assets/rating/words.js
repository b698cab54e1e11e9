// Words for what the server names.

export const STATES = {
  open: { words: "Open", look: "good" },
  paused: { words: "Paused", look: "unsure" },
  closed: { words: "Closed", look: "" },
};

export const PROTOCOLS = {
  plausible_supported: "Plausible and supported",
  preference: "Preference",
  probing: "Adversarial probing",
  rule_rating: "Rule rating",
};

export const PROTOCOL_NOTES = {
  plausible_supported: "Is a reply sensible, and does its evidence alone show that it is true? For replies to factual questions.",
  preference: "Two to four replies to one message, blind and in random order. As a whole dialogue too.",
  probing: "Raters talk with the agent and try to make it break one rule. Needs no run.",
  rule_rating: "A finished dialogue and a rule: does the marked reply keep it, on five points?",
};

export const RATER_STATES = {
  invited: { words: "Invited", look: "" },
  qualifying: { words: "Practising", look: "" },
  working: { words: "Rating", look: "accent" },
  failed: { words: "Not qualified", look: "bad" },
  done: { words: "Done", look: "good" },
  replaced: { words: "Replaced", look: "" },
};

export const MEASURES = {
  plausible: "Plausible",
  supported: "Supported",
  supported_and_plausible: "Supported and plausible",
  violations: "Rule broken",
};

export const measureName = (id) => MEASURES[id] || (id.startsWith("broken:") ? `Broken: ${plain(id.slice(7))}` : plain(id));
export const plain = (id) => { const words = String(id).replaceAll("_", " "); return words.charAt(0).toUpperCase() + words.slice(1); };
// The lower and the upper end of a rate or a coefficient.
export const interval = (one, show) => (one.low === null || one.low === undefined ? "" : `${show(one.low)} to ${show(one.high)}`);
