// One request for one picture: its progress, its bytes, or the reason why there are none.

export class Problem extends Error {
  constructor(members) {
    super(members.detail || members.title);
    this.members = members;
  }
}

// Reads an answer to its end. `progress` hears how many bytes are there, and how many there will be, if that is known.
export async function load(path, { signal, progress = () => {}, keep = true, ...options }) {
  const start = performance.now();
  const answer = await fetch(path, { signal, ...options }).catch((error) => {
    throw signal.aborted ? error : new Problem({ title: "The server does not answer." });
  });
  if (!answer.ok) throw new Problem(await problemIn(answer));
  const total = Number(answer.headers.get("Content-Length")) || null;
  const encoded = answer.headers.has("Content-Encoding");
  const chunks = [];
  let bytes = 0;
  try {
    for (const reader = answer.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      if (keep) chunks.push(value);
      progress(bytes, encoded ? null : total);
    }
  } catch (error) {
    throw signal.aborted ? error : new Problem({ title: "The animation broke off. Try again." });
  }
  const type = answer.headers.get("Content-Type");
  const seconds = (performance.now() - start) / 1000;
  return { blob: new Blob(chunks, { type }), bytes, seconds, source: sourceOf(answer, path, start), status: answer.status };
}

// An answer of another type is that of a proxy, whatever its JSON says.
async function problemIn(answer) {
  const plain = { title: `The server answers with ${answer.status}.` };
  const isProblem = answer.headers.get("Content-Type")?.startsWith("application/problem+json");
  return isProblem ? answer.json().catch(() => plain) : plain;
}

function sourceOf(answer, path, start) {
  const url = new URL(path, location.href).href;
  const entry = performance.getEntriesByName(url).findLast((one) => one.startTime >= start - 1);
  if (entry?.transferSize === 0 && entry.decodedBodySize > 0) return "Out of this browser's cache";
  return (answer.headers.get("Server-Timing") ?? "").startsWith("cache") ? "Out of the server's cache" : "Drawn";
}

// A problem as sentences. The server writes the same ones into a page that it makes for an address.
export function sentence({ field, message }) {
  const [name, ...place] = field.split(".");
  const parts = place.map((part) => (/^\d+$/.test(part) ? `item ${Number(part) + 1}` : part));
  return `${[name.replaceAll("_", " "), ...parts].join(", ")} ${message}`;
}
