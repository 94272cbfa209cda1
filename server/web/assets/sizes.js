// The sizes of one animation in all formats, drawn one after the other.

import { load } from "./fetching.js";
import { seconds, size } from "./measures.js";

const element = (id) => document.getElementById(id);

// `addresses` returns the formats' names, each with the address of the picture.
export function comparesSizes(addresses) {
  const [start, cancel, rows] = ["sizes-button", "sizes-cancel", "sizes-rows"].map(element);
  let running = new AbortController();

  function row(name) {
    const line = rows.insertRow();
    for (const text of [name, "…", ""]) line.insertCell().textContent = text;
    return line.cells;
  }

  async function compare() {
    running = new AbortController();
    const { signal } = running;
    rows.replaceChildren();
    element("sizes-region").hidden = false;
    toggle(true);
    for (const [name, path] of addresses()) {
      const cells = row(name);
      try {
        const answer = await load(path, { signal, keep: false });
        cells[1].textContent = size(answer.bytes);
        cells[2].textContent = answer.source === "Drawn" ? seconds(answer.seconds) : "cached";
      } catch (error) {
        cells[1].textContent = signal.aborted ? "cancelled" : error.message;
      }
      if (signal.aborted) break;
    }
    element("sizes-status").textContent = signal.aborted ? "Cancelled." : "Done.";
    toggle(false);
  }

  function toggle(busy) {
    if (busy) element("sizes-status").textContent = "Drawing …";
    start.hidden = busy;
    cancel.hidden = !busy;
    (busy ? cancel : start).focus();
  }

  start.addEventListener("click", compare);
  cancel.addEventListener("click", () => running.abort());
}
