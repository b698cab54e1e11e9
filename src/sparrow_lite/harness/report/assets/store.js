// The cases and conversations of this file, opened when they are asked for.

const KEPT_BLOCKS = 6;
const opened = new Map();

async function open(block) {
  const packed = atob(block.textContent);
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

async function openLines(name) {
  const block = document.querySelector(`script[data-${name}]`);
  const text = block ? await open(block) : "";
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

async function readCases() {
  const [probes, cases] = [await openLines("probes"), await openLines("cases")];
  const shared = probes.map(([id, suite, kind, rule, attack, text]) => {
    const said = clean(text);
    return { id: clean(id), suite, kind, rule, attack, text: said, sought: `${id}\n${said}`.toLowerCase() };
  });
  return cases.map(([key, probe, arm, sample, outcome, answer, abstained, refused, broken], place) => (
    { key, probe: shared[probe], arm, sample, outcome, answer, abstained, refused, broken, place }
  ));
}

async function readConversation(place) {
  const blockNumber = Math.floor(place / WORDS.size);
  if (!opened.has(blockNumber)) {
    const block = document.querySelectorAll("script[data-conversations]")[blockNumber];
    opened.set(blockNumber, open(block).then(JSON.parse));
    if (opened.size > KEPT_BLOCKS) opened.delete(opened.keys().next().value);
  }
  const { passages, cases } = await opened.get(blockNumber);
  return { ...cases[place % WORDS.size], passages };
}
