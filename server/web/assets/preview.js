// The picture: an element that shows a blob, which can be paused and stepped through.

const still = matchMedia("(prefers-reduced-motion: reduce)");

function elementFor(type, url, path, name) {
  if (type.startsWith("video/")) {
    const video = document.createElement("video");
    Object.assign(video, { src: url, loop: true, muted: true, controls: true, playsInline: true, autoplay: !still.matches });
    video.setAttribute("aria-label", name);
    return video;
  }
  if (type.startsWith("text/html")) {
    // A player runs in an origin of its own, which only an address of the server gives it.
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: path, title: `Player of ${name}` });
    return frame;
  }
  return Object.assign(document.createElement("img"), { src: url, alt: name });
}

function ready(element) {
  const event = { VIDEO: "loadeddata", IFRAME: "load" }[element.tagName];
  if (!event) return element.decode();
  return new Promise((resolve, reject) => {
    element.addEventListener(event, resolve, { once: true });
    element.addEventListener("error", () => reject(new Error("not shown")), { once: true });
  });
}

export class Preview {
  #frame;
  #shown = null;
  #url = "";
  #still = "";

  constructor(frame) {
    this.#frame = frame;
  }

  // Replaces the picture when the new one is there; returns its size and length.
  async show(blob, path) {
    const url = URL.createObjectURL(blob);
    const element = elementFor(blob.type, url, path, this.#frame.closest("[data-name]").dataset.name);
    if (element.tagName === "IFRAME") this.#put(element);
    try {
      await ready(element);
    } catch {
      URL.revokeObjectURL(url);
      throw new Error("This browser cannot show the picture; download it.");
    }
    URL.revokeObjectURL(this.#url);
    [this.#url, this.#shown] = [url, element];
    this.play();
    if (still.matches && this.canPause) this.pause();
    return {
      url,
      width: element.naturalWidth || element.videoWidth,
      height: element.naturalHeight || element.videoHeight,
      length: element.duration,
    };
  }

  #put(element) {
    this.#frame.replaceChildren(element);
  }

  get canPause() {
    return ["IMG", "VIDEO"].includes(this.#shown?.tagName);
  }

  get paused() {
    return this.#shown?.tagName === "VIDEO" && this.#shown.isConnected ? this.#shown.paused : !this.#shown?.isConnected;
  }

  play() {
    if (!this.#shown.isConnected) this.#put(this.#shown);
    if (this.#shown.tagName === "VIDEO" && !still.matches) this.#shown.play().catch(() => {});
  }

  // What is drawn from an animated image onto a canvas is its first frame.
  pause() {
    if (this.#shown.tagName === "VIDEO") return this.#shown.pause();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [this.#shown.naturalWidth, this.#shown.naturalHeight];
    canvas.getContext("2d").drawImage(this.#shown, 0, 0);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${this.#shown.alt}, paused`);
    this.#put(canvas);
  }

  async step(blob, index) {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(blob);
    image.alt = `Frame ${index}`;
    await image.decode();
    if (this.#shown.tagName === "VIDEO") this.#shown.pause();
    URL.revokeObjectURL(this.#still);
    this.#still = image.src;
    this.#put(image);
  }
}
