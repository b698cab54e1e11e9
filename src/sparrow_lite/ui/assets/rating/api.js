// Asking the server. Faults are told apart by what can be done about them.

export class Fault extends Error {
  constructor(words, status, wait = 0) {
    super(words);
    this.status = status;
    this.wait = wait;
  }
  // Whether the same thing may go through later: no connection, a server that starts again, too fast.
  get passes() { return this.status === 0 || this.status === 429 || this.status >= 500; }
}

const NO_CONNECTION = "There is no connection to the server.";

export async function call(path, { body, headers = {}, keepalive = false } = {}) {
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } };
  let response;
  try {
    response = await fetch(`/rate/api${path}`, { headers, credentials: "same-origin", cache: "no-store", keepalive, ...sent });
  } catch {
    throw new Fault(NO_CONNECTION, 0);
  }
  let told;
  try { told = await response.json(); } catch { throw new Fault("The server does not answer as it should.", Math.max(500, response.status)); }
  if (!response.ok) throw new Fault(told?.fault || "That did not work.", response.status, Number(response.headers.get("retry-after")) || 0);
  return told;
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
