// One conversation: the dialogue with its evidence, then the candidates, then what the judges say.

const SUPPORT = { supported: ["good", "Supported"], not_supported: ["bad", "Not supported"], unscored: ["unsure", "Unscored"] };
const MARK = /\[(\d+(?:\s*,\s*\d+)*)\]/g;

const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const fold = (title, ...body) => make("details", null, make("summary", null, title), make("div", { class: "inside" }, body));
const term = (name, value) => value !== null && value !== undefined && value !== "" && make("div", null, make("dt", null, name), make("dd", null, value));

// A mark does not part from the word before it at a line's end.
function marked(text) {
  const parts = clean(text).split(MARK);
  const set = [];
  for (let place = 1; place < parts.length; place += 2) {
    const [before, word] = /^([^]*?)(\S{0,24}\s*)$/.exec(parts[place - 1]).slice(1);
    set.push(before, make("span", { class: "tie" }, word.trimEnd(), make("span", { class: "mark" }, parts[place])));
  }
  return [...set, parts.at(-1)];
}

function passage(text, quotes) {
  const whole = clean(text);
  const spans = quotes.map((quote) => clean(quote)).filter(Boolean)
    .map((quote) => [whole.indexOf(quote), quote.length]).filter(([start]) => start >= 0)
    .map(([start, length]) => [start, start + length]).sort((a, b) => a[0] - b[0]);
  const parts = [];
  let at = 0;
  for (const [start, end] of spans) {
    if (end <= at) continue;
    parts.push(whole.slice(at, Math.max(at, start)), make("mark", null, whole.slice(Math.max(at, start), end)));
    at = end;
  }
  return make("p", { class: "passage", dir: "auto" }, parts, whole.slice(at));
}

function source(id, [url, title, text], citations) {
  const own = citations.filter((one) => one.id === id);
  const checks = own.map((one) => {
    const [kind, words] = SUPPORT[one.verdict] || SUPPORT.unscored;
    const missing = (one.missing || []).length ? `; the passage lacks ${one.missing.join(", ")}` : "";
    return make("li", null, make("q", { dir: "auto" }, one.sentence), make("span", { class: "verdict" }, chip(kind, words), one.support === null ? "no score" : `support ${number(one.support)}`, missing));
  });
  return make("li", { class: own.length ? "source cited" : "source" },
    make("p", { class: "from" }, make("span", { class: "mark" }, String(id)), make("b", { dir: "auto" }, title || "Untitled"), address(url)),
    passage(text, own.map((one) => one.quote)), checks.length > 0 && make("ul", { class: "checks" }, checks));
}

function sources(reply, passages) {
  const pieces = reply.evidence.filter(([, place]) => passages[place]).map(([id, place]) => ({ id, piece: passages[place] }));
  const known = new Set(pieces.map(({ id }) => id));
  for (const one of reply.citations) {
    if (!known.has(one.id)) pieces.push({ id: one.id, piece: [one.url, one.title, one.quote] });
    known.add(one.id);
  }
  const cited = new Set(reply.citations.map((one) => one.id));
  const list = (some) => make("ol", { class: "sources" }, some.map(({ id, piece }) => source(id, piece, reply.citations)));
  const [shown, rest] = [pieces.filter(({ id }) => cited.has(id)), pieces.filter(({ id }) => !cited.has(id))];
  return { cited: shown.length > 0 && list(shown), rest: rest.length > 0 && fold(`${counted(rest.length, "passage")} not cited`, list(rest)) };
}

function candidate(one, place, chosen) {
  const score = one.score || {};
  const scores = ["total", "preference", "evidence", "rules"].filter((name) => typeof score[name] === "number").map((name) => `${name} ${number(score[name])}`);
  const changed = (one.changed || []).map(([fate, text, reason]) => make("li", null, chip(fate === "dropped" ? "bad" : "unsure", plainName(fate)), make("q", { class: fate, dir: "auto" }, text), reason && make("small", null, reason)));
  const unkept = one.not_kept || [];
  const broken = unkept.filter(([, outcome]) => outcome === "broken");
  const faults = broken.map(([rule, , p]) => make("li", null, chip("bad", "Broken"), ruleName(rule), make("small", null, `P(broken) ${number(p)}`)));
  if (unkept.length > broken.length) faults.push(make("li", null, chip("unsure", "Unscored"), counted(unkept.length - broken.length, "rule")));
  const revises = typeof one.revises === "number" && `revises candidate ${one.revises + 1}`;
  return make("li", null,
    make("p", { class: "verdict" }, make("b", null, `Candidate ${place + 1}`), place === chosen && chip("good", "Chosen"), one.abstained && chip("", plainName(one.abstained)), revises, scores.join(" · ")),
    one.error ? make("p", { class: "bad" }, one.error) : make("p", { class: "text", dir: "auto" }, marked(one.text)),
    one.draft && fold("As drafted", make("p", { class: "text", dir: "auto" }, one.draft)),
    (changed.length > 0 || faults.length > 0) && make("ul", { class: "checks" }, changed, faults));
}

function reply(one, passages, previous) {
  const search = one.search || {};
  const queries = Array.isArray(search.queries) ? search.queries : [];
  const { cited, rest } = sources(one, passages);
  const facts = [one.model, queries.length > 0 && (search.backend || "no search answered"), one.seconds ? seconds(one.seconds) : null];
  return make("div", { class: "turn sparrow" }, make("h3", null, "Reply", previous && ` ${previous}`),
    make("p", { class: "text", dir: "auto" }, marked(one.text)),
    one.abstained && make("p", { class: "verdict" }, chip("", "Abstained"), plainName(one.abstained)),
    cited,
    make("div", { class: "folds" }, rest,
    queries.length > 0 && fold(counted(queries.length, "query", "queries"), make("ul", { class: "plain" }, queries.map((query) => make("li", { dir: "auto" }, query))), search.why && make("p", { class: "soft" }, search.why)),
    one.candidates.length > 0 && fold(counted(one.candidates.length, "candidate"), make("ol", { class: "candidates" }, one.candidates.map((each, place) => candidate(each, place, one.chosen)))),
    make("span", { class: "end" }, facts.filter(Boolean).join(" · "))));
}

function dialogue(content) {
  const replies = new Map(content.replies);
  const several = content.replies.length > 1;
  let count = 0;
  return content.turns.map(([role, text], place) => {
    if (replies.has(place)) return reply(replies.get(place), content.passages, several ? (count += 1) : "");
    const scripted = role === "user" ? "User" : "Sparrow, as the probe has it";
    return make("div", { class: role === "user" ? "turn user" : "turn scripted" }, make("h3", null, scripted), make("p", { class: "text", dir: "auto" }, text));
  });
}

function ruleLine([rule, outcome, p, at, reason], several) {
  const kind = { kept: "good", broken: "bad" }[outcome] || "unsure";
  return make("li", null, chip(kind, plainName(outcome)), make("span", null, ruleName(rule)), make("small", null, p === null ? "no score" : `P(broken) ${number(p)}`, several && `, turn ${at + 1}`, reason && `; ${reason}`));
}

function grade(one, probed, several) {
  if (!one) return make("section", { class: "grade" }, make("h3", null, "Verdicts"), make("p", { class: "soft" }, "These judges have not judged this case."));
  const yes = (value) => (value === null ? "Unscored" : value ? "Yes" : "No");
  const question = one.by !== "" || one.plausible !== null || one.supported !== null;
  const first = one.rules.filter(([rule, outcome]) => outcome !== "kept" || rule === probed);
  const rest = one.rules.filter(([rule, outcome]) => outcome === "kept" && rule !== probed);
  return make("section", { class: "grade" }, make("h3", null, "Verdicts"),
    make("dl", { class: "facts" },
      question && term("Plausible", yes(one.plausible) + (one.by ? `, by ${one.by}` : "")), question && term("Supported", yes(one.supported)),
      one.support.length > 0 && term("Support of each claim", one.support.map((value) => number(value)).join(", ")), term("Declines", one.refused ? "Yes" : "No"),
      Object.entries(one.published || {}).map(([name, value]) => term(plainName(name), value))),
    first.length > 0 && make("ul", { class: "checks" }, first.map((line) => ruleLine(line, several))),
    rest.length > 0 && fold(`${first.length ? "Other rules" : "All rules"} kept (${rest.length})`, make("ul", { class: "checks" }, rest.map((line) => ruleLine(line, several)))));
}

function conversation(one, content) {
  const { probe } = one;
  const [requests, tokensIn, tokensOut] = content.usage || [0, 0, 0];
  const answerable = content.answerable === undefined ? null : content.answerable ? "Yes" : "No, it ought to abstain";
  return [
    make("h2", { tabindex: "-1", id: "opened" }, probe.id),
    make("p", { class: "verdict" }, armMark(one.arm), resultChip(one), one.sample > 0 && `sample ${one.sample + 1}`),
    make("dl", { class: "facts" }, term("Suite", probe.suite), probe.rule && term("Rule", ruleName(probe.rule)), probe.attack && term("Attack", plainName(probe.attack)),
      (content.answers || []).length > 0 && term("Accepted answers", content.answers.slice(0, 12).join(" · ")), term("Sources hold the answer", answerable),
      content.seconds !== undefined && term("Time", seconds(content.seconds)), requests > 0 && term("Model requests", String(requests)), tokensIn + tokensOut > 0 && term("Tokens", `${tokensIn} in, ${tokensOut} out`)),
    content.failure && make("div", { class: "failure" }, make("b", null, "This case failed"), make("p", null, content.failure), make("p", { class: "text", dir: "auto" }, probe.text)),
    content.turns && make("div", { class: "dialogue" }, dialogue(content)),
    content.turns && grade(content.grade, probe.rule, content.replies.length > 1),
  ];
}
