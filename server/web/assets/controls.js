// The controls of the form: one for each parameter. Values are pairs of a name and a text, as in a query.

const FIELDS = "input[name], select[name], textarea[name]";
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;

export class Control {
  constructor(element) {
    this.element = element;
    this.name = element.dataset.name;
    this.label = element.dataset.label;
    this.isList = "list" in element.dataset;
    this.only = element.dataset.only;
    this.default = JSON.parse(element.dataset.default);
    this.reading = JSON.parse(element.dataset.reading);
    this.problem = element.querySelector(".problem");
  }

  get fields() {
    return [...this.element.querySelectorAll(FIELDS)];
  }

  get boxes() {
    return this.fields.filter((field) => field.type === "checkbox");
  }

  get texts() {
    return this.fields.filter((field) => field.type !== "checkbox");
  }

  // A box that is ticked says more than the empty field above it.
  get pairs() {
    const ticked = this.boxes.filter((box) => box.checked);
    return (ticked.length ? ticked : this.texts).map((field) => [field.name, field.value]);
  }

  set pairs(pairs) {
    const texts = pairs.filter(([name]) => name === this.name).map(([, text]) => text);
    const whole = pairs.find(([name]) => name !== this.name);
    for (const box of this.boxes) box.checked = Boolean(whole) && box.value === whole[1];
    if (this.isList) setLength(this, Math.max(texts.length, 1));
    this.texts.forEach((field, index) => (field.value = texts[index] ?? ""));
    this.element.dispatchEvent(new CustomEvent("set"));
  }

  get isDefault() {
    return JSON.stringify(this.pairs) === JSON.stringify(this.default);
  }

  fit(kind) {
    this.element.hidden = Boolean(this.only) && this.only !== kind;
    for (const field of this.fields) field.disabled = this.element.hidden;
  }

  untick() {
    for (const box of this.boxes) box.checked = false;
  }

  // The value as JSON, which a body has. Numbers are copied digit by digit.
  get json() {
    const [first] = this.pairs;
    if (first[0] !== this.name) return first[1];
    const { many, alone } = this.reading;
    const texts = this.pairs.map(([, text]) => text);
    if (!many) return this.#read(texts[0]);
    if (alone && texts.length === 1 && texts[0] === "") return alone;
    return `[${texts.map((text) => this.#read(text)).join(", ")}]`;
  }

  #read(text) {
    const { kind, empty, choices } = this.reading;
    if (text === "" && empty) return empty;
    if (kind === "choice" && Object.hasOwn(choices, text)) return JSON.stringify(choices[text]);
    if (kind === "number" && NUMBER.test(text)) return text;
    return kind === "json" && isJson(text) ? text : JSON.stringify(text);
  }

  complain(messages, places = []) {
    this.problem.textContent = messages.join(" · ");
    this.problem.hidden = messages.length === 0;
    this.element.classList.toggle("invalid", messages.length > 0);
    this.texts.forEach((field, index) => {
      const blamed = messages.length > 0 && (places.length === 0 || places.includes(index));
      field.toggleAttribute("aria-invalid", blamed);
      if (blamed) field.setAttribute("aria-invalid", "true");
    });
    if (messages.length) this.element.closest("details")?.setAttribute("open", "");
  }
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function setLength(control, length) {
  const items = [...control.element.querySelectorAll(".item")];
  for (const item of items.slice(length)) item.remove();
  for (let count = items.length; count < length; count++) {
    control.element.querySelector(".items").append(items.at(-1).cloneNode(true));
  }
  renumber(control);
}

export function renumber(control) {
  const group = control.element.querySelector(".items");
  const id = group.getAttribute("aria-labelledby").replace("label-", "");
  [...group.children].forEach((item, index) => {
    for (const part of item.querySelectorAll("[aria-label]")) {
      const label = part.getAttribute("aria-label");
      part.setAttribute("aria-label", label.replace(/(.*)\bitem \d+/, `$1item ${index + 1}`));
    }
    item.querySelector(FIELDS).id = `${id}-${index + 1}`;
  });
}
