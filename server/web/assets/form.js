"use strict";

// Keeps the preview and the address in step with the form. Only what differs from the defaults goes into the address.

const form = document.getElementById("form");
const preview = document.getElementById("preview");
const statusLine = document.getElementById("status");
const addressField = document.getElementById("url");
const openLink = document.getElementById("open");
const formatSelect = document.getElementById("format");
const tags = { mp4: "video", webm: "video", html: "iframe" };

const controls = [...form.querySelectorAll("[data-name]")];
const fieldsIn = "input[name], select[name], textarea[name]";
const inputsOf = (control) => [...control.querySelectorAll(fieldsIn)];
const isBox = (input) => input.type === "checkbox";
const isList = (control) => "list" in control.dataset;
const initial = new Map(controls.map((control) => [control, JSON.stringify(pairsOf(control))]));
const firstItems = new Map(
  controls.filter(isList).map((control) => [control, [...control.querySelectorAll(".item")].map((item) => item.cloneNode(true))]),
);

// A box that is ticked says more than the empty field above it.
function pairsOf(control) {
  const inputs = inputsOf(control);
  const ticked = inputs.filter((input) => isBox(input) && input.checked);
  const said = ticked.length ? ticked : inputs.filter((input) => !isBox(input));
  return said.map((input) => [input.name, input.value]);
}

// A still picture has other parameters than an animation; the rest is hidden and disabled.
function fitFormat() {
  const { kind } = formatSelect.selectedOptions[0].dataset;
  for (const control of controls) {
    control.hidden = Boolean(control.dataset.only) && control.dataset.only !== kind;
    for (const input of inputsOf(control)) input.disabled = control.hidden;
  }
}

function address() {
  const query = new URLSearchParams();
  for (const control of controls) {
    if (control.hidden) continue;
    const pairs = pairsOf(control);
    if (JSON.stringify(pairs) === initial.get(control)) continue;
    for (const [name, value] of pairs) query.append(name, value);
  }
  const action = formatSelect.selectedOptions[0].dataset.action;
  const text = query.toString();
  return text ? `${action}?${text}` : action;
}

function picture() {
  const tag = tags[formatSelect.value] || "img";
  const old = preview.firstElementChild;
  if (old.localName === tag) return old;
  const fresh = document.createElement(tag);
  if (tag === "video") Object.assign(fresh, { autoplay: true, loop: true, muted: true, controls: true, playsInline: true });
  else if (tag === "iframe") fresh.title = "Preview";
  else fresh.alt = "Preview";
  old.replaceWith(fresh);
  return fresh;
}

function show() {
  fitFormat();
  const path = address();
  const start = performance.now();
  const image = picture();
  addressField.value = new URL(path, location.href).href;
  openLink.href = path;
  clearProblems();
  tell("Drawing …");
  preview.classList.add("waiting");
  const done = () => {
    preview.classList.remove("waiting");
    tell(`Drawn in ${((performance.now() - start) / 1000).toFixed(2)} s`);
  };
  image.onload = done;
  image.onloadeddata = done;
  image.onerror = () => explain(path);
  if (image.localName === "iframe") open(image, path);
  else image.src = path;
}

// A frame loads what a problem is told in as well, so that it is asked for first.
async function open(frame, path) {
  const answer = await fetch(path).catch(() => null);
  if (answer?.ok) frame.src = path;
  else explain(path);
}

async function explain(path) {
  preview.classList.remove("waiting");
  try {
    const answer = await fetch(path);
    if (answer.ok) return tell("The animation broke off. Try again.", true);
    const problem = await answer.json();
    const unplaced = (problem.errors || []).filter((error) => !place(error));
    const rest = unplaced.map((error) => `${error.field}: ${error.message}`);
    tell([problem.title, problem.detail, ...rest].filter(Boolean).join(" · "), true);
  } catch {
    tell("The server does not answer.", true);
  }
}

function place(error) {
  const name = error.field.split(".")[0];
  const control = controls.find((candidate) => candidate.dataset.name === name);
  if (!control) return false;
  const line = control.querySelector(".problem");
  line.textContent = error.message;
  line.hidden = false;
  control.classList.add("invalid");
  control.closest("details")?.setAttribute("open", "");
  return true;
}

function clearProblems() {
  for (const control of controls) {
    control.classList.remove("invalid");
    control.querySelector(".problem").hidden = true;
  }
}

function tell(text, problem = false) {
  statusLine.textContent = text;
  statusLine.classList.toggle("problem", problem);
}

let timer;
function soon() {
  clearTimeout(timer);
  timer = setTimeout(show, 300);
}

form.addEventListener("input", ({ target }) => {
  if ("picks" in target.dataset) target.previousElementSibling.value = target.value;
  if (!isBox(target)) {
    for (const box of inputsOf(target.closest(".control")).filter(isBox)) box.checked = false;
  }
  soon();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
form.addEventListener("reset", () => {
  for (const [control, items] of firstItems) {
    control.querySelectorAll(".item").forEach((item) => item.remove());
    control.querySelector(".more").before(...items.map((item) => item.cloneNode(true)));
  }
  soon();
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-more], [data-less]");
  if (!button) return;
  const more = button.closest(".more");
  const last = more.previousElementSibling;
  if ("more" in button.dataset) {
    const fresh = last.cloneNode(true);
    fresh.querySelector(fieldsIn).removeAttribute("id");
    more.before(fresh);
    fresh.querySelector(fieldsIn).focus();
  } else if (more.parentElement.querySelectorAll(".item").length > 1) {
    last.remove();
  }
  soon();
});

document.getElementById("copy").addEventListener("click", async () => {
  addressField.select();
  try {
    await navigator.clipboard.writeText(addressField.value);
    tell("Copied.");
  } catch {
    tell("The address is selected; copy it with your keyboard.");
  }
});

show();
