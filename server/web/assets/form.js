// The page of an animation: form, address, picture. Only what differs from the defaults goes into an address.

import { follow, lead } from "./companions.js";
import { Control } from "./controls.js";
import { Drawing } from "./drawing.js";
import { editsLists } from "./lists.js";
import { comparesSizes } from "./sizes.js";
import { copy, snippets } from "./snippets.js";

const element = (id) => document.getElementById(id);
const form = element("form");
const formats = element("format");
const standard = formats.options[0].value;
const controls = [...document.querySelectorAll("#form [data-name]")].map((one) => new Control(one));
const controlOf = (target) => controls.find((control) => control.element.contains(target));
const { name } = element("preview").dataset;

const chosen = () => formats.selectedOptions[0];
const fits = (control, kind) => !control.only || control.only === kind;
const changedOf = (kind) => controls.filter((control) => fits(control, kind) && !control.isDefault);
const queried = (path, pairs) => (pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path);

const pairsOf = (kind) => [...changedOf(kind).flatMap((control) => control.pairs), ...strangers];

// What an address says of no parameter is kept until the form is changed, so that the server can refuse it.
let strangers = [];
function meetStrangers() {
  const known = new Set(["format", ...controls.flatMap((control) => [control.name, `${control.name}:json`])]);
  strangers = [...new URLSearchParams(location.search)].filter(([key]) => !known.has(key));
}

// The picture's address in a format.
function address(option = chosen()) {
  return queried(option.dataset.action, pairsOf(option.dataset.kind));
}

// The page's own address, which holds the same and the format.
function pageAddress() {
  const format = formats.value === standard ? [] : [["format", formats.value]];
  return queried(location.pathname, [...pairsOf(chosen().dataset.kind), ...format]);
}

function still(index) {
  const option = [...formats.options].find((one) => one.dataset.kind === "still");
  return queried(option.dataset.action, [...pairsOf("both"), ["frame", index]]);
}

function texts() {
  const body = changedOf(chosen().dataset.kind).map((control) => `${JSON.stringify(control.name)}: ${control.json}`);
  return {
    name,
    file: `${name}.${formats.value}`,
    url: element("url").value,
    type: chosen().dataset.type,
    closed: "closed" in element("preview").dataset,
    body: `{${body.join(", ")}}`,
  };
}

const showText = () => (element("copy-text").textContent = snippets[element("copy-as").value](texts()));

const drawing = new Drawing({ controls, still, path: address, isStill: () => chosen().dataset.kind === "still" });

function show(delay = 0) {
  for (const control of controls) {
    control.fit(chosen().dataset.kind);
    control.element.querySelector("[data-reset]").hidden = control.isDefault || !control.default.length;
  }
  const path = address();
  element("url").value = new URL(path, location.href).href;
  Object.assign(element("download-link"), { href: path, download: `${name}.${formats.value}` });
  showText();
  drawing.start(path, delay);
}

// One entry of the history for each field that is edited; what is chosen by a button or a list is one by itself.
let edited = null;
function changed(control, whole = false) {
  strangers = [];
  const url = pageAddress();
  if (url !== location.pathname + location.search) {
    history[whole || control !== edited ? "pushState" : "replaceState"](null, "", url);
  }
  edited = whole ? null : control;
  show(whole ? 0 : 300);
}

function restore() {
  const query = [...new URLSearchParams(location.search)];
  const format = query.find(([key]) => key === "format")?.[1] ?? standard;
  formats.value = [...formats.options].some((option) => option.value === format) ? format : standard;
  for (const control of controls) {
    const said = query.filter(([key]) => key === control.name || key === `${control.name}:json`);
    control.pairs = said.length ? said : control.default;
  }
  meetStrangers();
  edited = null;
  show();
}

// A field hides the method of its form that has the field's name.
const listen = EventTarget.prototype.addEventListener.bind(form);
listen("input", ({ target }) => {
  if (target === formats) return changed(null, true);
  const control = controlOf(target);
  if (!lead(target) && target.type !== "checkbox") follow(target);
  if (target.type !== "checkbox") control.untick();
  changed(control, ["checkbox", "select-one"].includes(target.type));
});
listen("submit", (event) => {
  event.preventDefault();
  show();
});
for (const control of controls) {
  control.element.addEventListener("set", () => control.texts.forEach(follow));
  control.element.querySelector("[data-reset]").addEventListener("click", () => {
    control.pairs = control.default;
    control.texts[0].focus();
    changed(control, true);
  });
  if (control.isList) editsLists(control, changed);
}
addEventListener("popstate", restore);

element("copy-as").addEventListener("input", showText);
for (const [button, field] of [["copy-button", "url"], ["copy-as-button", "copy-text"]]) {
  element(button).addEventListener("click", async () => {
    const shown = element(field);
    drawing.tell(await copy(shown.value ?? shown.textContent, shown));
  });
}
const titleOf = ({ value, dataset }) => (dataset.kind === "still" ? `${value}, one frame` : value);
comparesSizes(() => [...formats.options].map((option) => [titleOf(option), address(option)]));

meetStrangers();
history.replaceState(null, "", pageAddress());
show();
