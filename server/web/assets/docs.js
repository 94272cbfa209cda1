// The description of the interface: a search, and requests to try.

import { Problem, load } from "./fetching.js";
import { seconds, size } from "./measures.js";
import { Preview } from "./preview.js";

const search = document.getElementById("docs-search");

search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const section of document.querySelectorAll(".described")) {
    const text = section.textContent.toLowerCase();
    section.hidden = !words.every((word) => text.includes(word));
    found += !section.hidden;
    document.querySelector(`[data-section="${section.dataset.name}"]`).hidden = section.hidden;
  }
  document.getElementById("docs-count").textContent = words.length ? `${found} found` : "";
});

for (const form of document.querySelectorAll(".try")) {
  const [status, text, frame] = form.querySelector(".tried").children;
  const cancel = form.querySelector("[data-cancel]");
  let preview;
  let running = new AbortController();

  async function send() {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const query = form.elements.query.value.replace(/^\?/, "");
    const path = `${form.dataset.address}.${form.elements.format.value}${query ? `?${query}` : ""}`;
    form.querySelector(".tried").hidden = cancel.hidden = false;
    status.textContent = "Drawing …";
    try {
      const answer = await load(path, { signal });
      status.textContent = `${answer.status} · ${answer.blob.type} · ${size(answer.bytes)} · ${seconds(answer.seconds)}`;
      [frame.hidden, text.hidden] = [false, true];
      preview ??= new Preview(frame);
      await preview.show(answer.blob, path);
    } catch (error) {
      [frame.hidden, text.hidden] = [true, !(error instanceof Problem)];
      text.textContent = JSON.stringify(error.members, null, 2);
      status.textContent = signal.aborted ? "Cancelled." : `${error.members?.status ?? ""} ${error.message}`.trim();
    }
    if (!signal.aborted) cancel.hidden = true;
  }

  cancel.addEventListener("click", () => {
    running.abort();
    cancel.hidden = true;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
}
