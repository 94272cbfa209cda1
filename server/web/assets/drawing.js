// Drawing of the form's picture: one request at a time, its progress, its result, its problems.

import { Problem, load, sentence } from "./fetching.js";
import { described, framesOf, seconds, size } from "./measures.js";
import { Preview } from "./preview.js";

const element = (id) => document.getElementById(id);

export class Drawing {
  #controls;
  #still;
  #isStill;
  #path;
  #preview = new Preview(element("preview").querySelector(".picture"));
  #running = new AbortController();
  #stepping = new AbortController();
  #timer;
  #bytes = 0;
  #ticks;

  // `path` and `still` return the addresses of the form's picture, and of one frame of it.
  constructor({ controls, path, still, isStill }) {
    [this.#controls, this.#path, this.#still, this.#isStill] = [controls, path, still, isStill];
    element("cancel-button").addEventListener("click", () => this.#cancel());
    element("again-button").addEventListener("click", () => this.start(this.#path()));
    element("pause-button").addEventListener("click", () => this.#toggle());
    element("frame-slider").addEventListener("input", () => this.#stepSoon());
    for (const event of ["play", "pause"]) element("preview").addEventListener(event, () => this.#named(), true);
  }

  // Stops what runs, and draws a picture after some milliseconds in which nothing else was started.
  start(path, delay = 0) {
    this.#abort();
    this.#timer = setTimeout(() => this.#draw(path), delay);
  }

  #abort() {
    clearTimeout(this.#timer);
    this.#running.abort();
    this.#stepping.abort();
    this.#running = new AbortController();
  }

  async #draw(path) {
    const { signal } = this.#running;
    this.#begin();
    try {
      const answer = await load(path, { signal, progress: this.#progress() });
      this.#complain([]);
      const shown = await this.#preview.show(answer.blob, path);
      if (signal.aborted) return;
      this.#end();
      if (!answer.blob.type.startsWith("text/html")) element("download-link").href = shown.url;
      const words = [`${answer.source} in ${seconds(answer.seconds)}`, size(answer.bytes)];
      this.tell([...words, ...described(shown)].join(" · "));
      const more = await framesOf(answer.blob, signal);
      if (signal.aborted) return;
      this.tell([...words, ...described({ ...shown, ...more })].join(" · "));
      this.#offerFrames(more.frames);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #begin() {
    const start = performance.now();
    element("preview").classList.add("waiting");
    element("progress-row").hidden = false;
    element("again-button").hidden = element("traceback-text").hidden = true;
    element("progress-bar").removeAttribute("value");
    this.#ticking(start);
    this.tell("Drawing …");
  }

  #ticking(start) {
    this.#bytes = 0;
    clearInterval(this.#ticks);
    const tick = () => {
      const received = this.#bytes ? ` · ${size(this.#bytes)} received` : "";
      element("progress-text").textContent = `${((performance.now() - start) / 1000).toFixed(1)} s${received}`;
    };
    tick();
    this.#ticks = setInterval(tick, 100);
  }

  #progress() {
    return (bytes, total) => {
      this.#bytes = bytes;
      if (total) element("progress-bar").value = bytes / total;
    };
  }

  #end() {
    clearInterval(this.#ticks);
    element("progress-row").hidden = true;
    element("preview").classList.remove("waiting");
  }

  #cancel() {
    this.#abort();
    this.#end();
    element("preview").classList.add("waiting");
    element("again-button").hidden = false;
    this.tell("Cancelled.", true);
    element("again-button").focus();
  }

  #fail(error) {
    this.#end();
    element("preview").classList.add("waiting");
    const members = error instanceof Problem ? error.members : { title: error.message };
    const problems = members.errors ?? [];
    this.#complain(problems);
    this.tell([members.title, members.detail, ...problems.map(sentence)].filter(Boolean).join(" · "), true);
    element("again-button").hidden = problems.length > 0;
    element("traceback-text").hidden = !members.traceback;
    element("traceback-text").textContent = members.traceback ?? "";
  }

  // Shows each problem at its field.
  #complain(problems) {
    for (const control of this.#controls) {
      const own = problems.filter(({ field }) => field.split(".")[0] === control.name);
      const places = control.isList ? own.map(({ field }) => Number(field.split(".")[1])).filter(Number.isInteger) : [];
      control.complain(own.map(sentence), places);
    }
  }

  tell(text, problem = false) {
    const line = element("status");
    line.textContent = text;
    line.className = problem ? "problem" : "quiet";
  }

  // Where the browser has not counted the frames, their number is typed.
  #offerFrames(frames) {
    const slider = element("frame-slider");
    element("frame-row").hidden = this.#isStill() || !this.#preview.canPause || frames === 1;
    slider.type = frames ? "range" : "number";
    slider.max = frames ? frames - 1 : "";
    slider.value = 0;
    element("frame-text").textContent = frames ? `of ${frames}` : "";
    this.#named();
  }

  #named() {
    element("pause-button").textContent = this.#preview.paused ? "Play" : "Pause";
  }

  #toggle() {
    this.#stepping.abort();
    if (this.#preview.paused) this.#preview.play();
    else this.#preview.pause();
    this.#named();
  }

  #stepSoon() {
    this.#stepping.abort();
    this.#stepping = new AbortController();
    const { signal } = this.#stepping;
    setTimeout(() => signal.aborted || this.#step(signal), 150);
  }

  async #step(signal) {
    const index = element("frame-slider").value;
    try {
      const { blob } = await load(this.#still(index), { signal });
      if (signal.aborted) return;
      await this.#preview.step(blob, index);
      this.tell(`Frame ${index}`);
      this.#named();
    } catch (error) {
      if (!signal.aborted) this.tell((error.members?.errors ?? []).map(sentence).join(" · ") || error.message, true);
    }
  }
}
