"use strict";
(() => {
  const SNAPSHOT_BYTES = 64 << 20; // pictures kept for jumps
  const DECODED_PIXELS = 16 << 20; // pixels of sheets kept decoded
  const BACKLOG = 250; // milliseconds that are made up for after a pause of the browser
  const KEYS = {" ": "toggle", k: "toggle", ArrowLeft: "back", ArrowRight: "forward", ",": "back", ".": "forward",
    Home: "first", End: "last", l: "loop", "+": "faster", "-": "slower"};
  const PLAY = "M3 1l11 7-11 7z", PAUSE = "M3 2h4v12H3zM9 2h4v12H9z";

  const part = (id) => document.getElementById(id);
  const screen = part("screen"), slider = part("slider"), speed = part("speed"), loop = part("loop");
  const {width, height} = screen;
  const newCanvas = () => Object.assign(document.createElement("canvas"), {width, height});
  const visible = screen.getContext("2d"), work = newCanvas().getContext("2d");

  const sheets = []; // {blob, pixels, bitmap}
  const frames = []; // {ms, sheet, box: [x, y, width, height, row, replaces] or null}
  const snapshots = new Map(); // number of a frame -> canvas
  let complete = false, composed = -1, wanted = 0, showing = false, playing = false, due = null, plays = 0;

  // Reading: elements are read as the page loads, and removed.

  function read() {
    for (const element of document.querySelectorAll('script[type="text/x-frames"]')) {
      const text = element.textContent;
      if (text.length < Number(element.dataset.length)) return;
      const blob = new Blob([Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))], {type: "image/webp"});
      sheets.push({blob, pixels: Number(element.dataset.pixels), bitmap: null});
      for (const entry of element.dataset.frames.split(";")) {
        const [ms, ...box] = entry.split(" ").map(Number);
        frames.push({ms, sheet: sheets.length - 1, box: box.length ? box : null});
      }
      element.remove();
    }
    const end = document.querySelector('script[type="text/x-end"]');
    complete = complete || (end !== null && Number(end.dataset.frames) === frames.length);
    slider.max = Math.max(0, frames.length - 1);
    label();
    if (frames.length && composed < 0) show(0);
  }

  // Drawing: the pictures from the last one composed, or from a snapshot, up to the frame that is wanted.

  async function decoded(number) {
    const sheet = sheets[number];
    if (!sheet.blob.size) return null; // nothing changes in its frames
    sheet.bitmap ??= createImageBitmap(sheet.blob, {premultiplyAlpha: "none", colorSpaceConversion: "none"});
    return sheet.bitmap;
  }

  function forget(used) {
    let pixels = 0;
    for (let away = 0; away < sheets.length; away++) {
      for (const number of away ? [used + away, used - away] : [used]) {
        const sheet = sheets[number];
        if (!sheet?.bitmap) continue;
        pixels += sheet.pixels;
        if (away > 1 && pixels > DECODED_PIXELS) {
          sheet.bitmap.then((bitmap) => bitmap.close());
          sheet.bitmap = null;
        }
      }
    }
  }

  function copy(from, to) {
    to.globalCompositeOperation = "copy";
    to.drawImage(from, 0, 0);
    to.globalCompositeOperation = "source-over";
  }

  function keep(number) {
    const every = Math.max(8, Math.ceil(4 * width * height * frames.length / SNAPSHOT_BYTES));
    for (const other of snapshots.keys()) if (other % every) snapshots.delete(other);
    if (number % every || snapshots.has(number)) return;
    const canvas = newCanvas();
    copy(work.canvas, canvas.getContext("2d"));
    snapshots.set(number, canvas);
  }

  function draw(bitmap, number) {
    const {box} = frames[number];
    if (box) {
      const [x, y, w, h, row, replaces] = box;
      if (replaces) work.clearRect(x, y, w, h);
      work.drawImage(bitmap, 0, row, w, h, x, y, w, h);
    }
    composed = number;
    keep(number);
  }

  function startNear(target) {
    let start = composed <= target ? composed : -1;
    for (const number of snapshots.keys()) if (number <= target && number > start) start = number;
    if (start === composed) return;
    if (start >= 0) copy(snapshots.get(start), work);
    composed = start;
  }

  async function show(number) {
    wanted = Math.min(Math.max(number, 0), frames.length - 1);
    slider.value = wanted;
    label();
    if (showing) return; // the loop below goes on to what is wanted now
    showing = true;
    try {
      while (composed !== wanted) {
        startNear(wanted);
        if (composed === wanted) break;
        const {sheet} = frames[composed + 1];
        const bitmap = await decoded(sheet);
        if (composed > wanted) continue;
        while (composed < wanted && frames[composed + 1].sheet === sheet) draw(bitmap, composed + 1);
        if (composed === wanted && sheet + 1 < sheets.length) decoded(sheet + 1);
        forget(sheet);
      }
      copy(work.canvas, visible);
      screen.dataset.frame = composed;
    } catch (error) {
      pause();
      part("status").textContent = "A frame cannot be shown: " + error.message;
    } finally {
      showing = false;
    }
  }

  // Playing

  function tick(now) {
    if (!playing) return;
    requestAnimationFrame(tick);
    if (!frames.length) return;
    const time = (index) => frames[index].ms / Number(speed.value);
    if (due === null) due = now + time(wanted);
    due = Math.max(due, now - BACKLOG);
    let number = wanted;
    for (let steps = 0; now >= due && steps < frames.length; steps++) {
      if (number + 1 < frames.length) {
        number += 1;
      } else if (!complete) {
        due = null; // the next frame is shown when it is there
        break;
      } else if (loop.checked || ++plays < Number(screen.dataset.plays)) {
        number = 0;
      } else {
        pause();
        break;
      }
      due += time(number);
    }
    if (number !== wanted) show(number);
  }

  function play() {
    if (playing) return;
    if (complete && wanted === frames.length - 1 && frames.length > 1) show(0);
    playing = true;
    due = null;
    plays = 0;
    button();
    requestAnimationFrame(tick);
  }

  function pause() {
    playing = false;
    button();
  }

  function button() {
    part("play").setAttribute("aria-label", playing ? "Pause" : "Play");
    part("shape").setAttribute("d", playing ? PAUSE : PLAY);
  }

  function label() {
    const count = frames.length + (complete ? "" : "…");
    part("place").textContent = frames.length ? `${wanted + 1} / ${count}` : "…";
    slider.setAttribute("aria-valuetext", `frame ${wanted + 1} of ${frames.length}`);
  }

  const actions = {
    toggle: () => (playing ? pause() : play()),
    back: () => go(wanted - 1),
    forward: () => go(wanted + 1),
    first: () => go(0),
    last: () => go(frames.length - 1),
    loop: () => { loop.checked = !loop.checked; },
    faster: () => { speed.selectedIndex = Math.min(speed.selectedIndex + 1, speed.length - 1); },
    slower: () => { speed.selectedIndex = Math.max(speed.selectedIndex - 1, 0); },
  };

  function go(number) {
    pause();
    if (frames.length) show(number);
  }

  for (const name of ["back", "forward", "first", "last"]) part(name).addEventListener("click", actions[name]);
  part("play").addEventListener("click", actions.toggle);
  slider.addEventListener("input", () => go(Number(slider.value)));
  document.addEventListener("keydown", (event) => {
    const name = KEYS[event.key];
    const own = event.target.closest("button, select, input");
    if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
    if (own && (own.tagName !== "BUTTON" || event.key === " ")) return; // they have keys of their own
    event.preventDefault();
    actions[name]();
  });

  document.documentElement.classList.toggle("embedded", window.parent !== window);
  slider.hidden = part("controls").hidden = false;
  part("status").textContent = "";
  loop.checked = screen.dataset.plays === "0";
  const controls = screen.parentNode;
  const observer = new MutationObserver((changes) => {
    if (changes.some((change) => !controls.contains(change.target))) read();
  });
  observer.observe(document.body, {childList: true, characterData: true, subtree: true});
  addEventListener("load", () => {
    observer.disconnect();
    read();
    if (complete) return;
    complete = true;
    label();
    part("status").textContent = frames.length
      ? "The file is not complete: it ends after this frame." : "The file has no frames.";
  });
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) play();
})();
