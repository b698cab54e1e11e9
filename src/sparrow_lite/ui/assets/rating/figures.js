// Agreement, rates by people, and how raters do, each with its interval.

import { call } from "./api.js";
import { fill, make } from "./elements.js";
import { interval, measureName, plain } from "./words.js";

const LEVELS = { nominal: "", ordinal: "on the scale", sides: "by side of the scale" };
const points = (value) => (value === null || value === undefined ? "–" : value.toFixed(2).replace("-", "−"));
const hundredths = (value) => (value === null || value === undefined ? "–" : `${(100 * value).toFixed(1)} %`);

export async function showFigures(room, path) {
  fill(room, make("p", { class: "soft" }, "Counting…"));
  try { draw(room, await call(`${path}/figures`)); } catch (fault) { fill(room, make("p", { class: "bad" }, fault.message)); }
}

function draw(room, { agreement, rates }) {
  const shared = agreement.filter((one) => one.group !== "pair");
  const pairs = agreement.filter((one) => one.group === "pair");
  fill(room, make("h2", null, "How far raters agree"),
    shared.length ? [agreements(shared), make("p", { class: "note" }, "Krippendorff’s alpha and Gwet’s AC1: 1 is full agreement, 0 is chance. AC1 stays sensible where one answer is rare. 95 % intervals by a bootstrap over items, from ten items on.")] : make("p", { class: "soft" }, "No item has two ratings yet."),
    pairs.length > 0 && make("details", null, make("summary", null, `By pair of raters, ${pairs.length}`), agreements(pairs)),
    rates.length > 0 && [make("h2", null, "What people say"), ratesTable(rates), make("p", { class: "note" }, "Human-rated. A tie goes against the reply; who is unsure has no vote; a decision stands for all. Wilson intervals, 95 %. The judge’s figures and the corrected rate stand in the run’s report.")]);
}

function table(head, rows, label) {
  return make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": label }, make("table", null, make("thead", null, make("tr", null, head.map((one) => make("th", { scope: "col" }, one)))), make("tbody", null, rows)));
}

function bounded(one, show = points) {
  return make("td", { class: "figure" }, show(one.value), interval(one, show) && make("small", null, interval(one, show)));
}

function agreements(found) {
  return table(["", "Alpha", "AC1", "The same", "Items", "Ratings"], found.map((one) => make("tr", null,
    make("th", { scope: "row" }, one.group === "all" ? "All" : one.group === "pair" ? make("bdi", null, one.name) : plain(one.name), LEVELS[one.level] && make("small", null, LEVELS[one.level])),
    bounded(one.alpha), bounded(one.ac1), bounded(one.percent, hundredths), make("td", { class: "figure" }, one.items.toLocaleString("en")), make("td", { class: "figure" }, one.ratings.toLocaleString("en")))), "Agreement");
}

function ratesTable(rates) {
  return table(["Measure", "Arm", "Rate", "", "Of"], rates.map((one) => make("tr", null,
    make("th", { scope: "row" }, measureName(one.measure)), make("td", null, make("bdi", null, one.arm || "–")),
    make("td", { class: "figure" }, make("b", null, hundredths(one.rate.of ? one.rate.hits / one.rate.of : null))), make("td", { class: "figure soft" }, interval(one.rate, hundredths)),
    make("td", { class: "figure" }, told(one.rate)))), "Rates");
}

const told = (rate) => `${rate.hits} of ${rate.of.toLocaleString("en")}${rate.unscored ? `, ${rate.unscored} unscored` : ""}`;
