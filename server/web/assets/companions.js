// Fields that say the same as the one before them: a slider, and the picker and opacity of a color.

const names = new Map(
  [...document.querySelectorAll("#color-names option")].map((option) => [option.value.toLowerCase(), option.dataset.hex]),
);
const LONG = /^#[0-9a-f]{6}([0-9a-f]{2})?$/i;
const SHORT = /^#[0-9a-f]{3,4}$/i;

// The hex digits of a color with its opacity, or null if the page does not know them.
function hexOf(text) {
  const known = names.get(text.toLowerCase()) ?? text;
  const long = SHORT.test(known) ? `#${[...known.slice(1)].map((digit) => digit + digit).join("")}` : known;
  return LONG.test(long) ? long.toLowerCase().padEnd(9, "f") : null;
}

function rgba(hex, opacity) {
  const alpha = Math.round(255 * opacity).toString(16).padStart(2, "0");
  return alpha === "ff" ? hex : hex + alpha;
}

// Shows in the companions what the field says.
export function follow(field) {
  const line = field.parentElement;
  const slider = line.querySelector("[data-slides]");
  if (slider) slider.value = field.value;
  const picker = line.querySelector(".picker");
  if (!picker) return;
  picker.classList.toggle("none", field.value === "");
  const hex = hexOf(field.value);
  if (!hex) return;
  picker.querySelector("[data-picks]").value = hex.slice(0, 7);
  picker.querySelector("[data-fades]").value = (parseInt(hex.slice(7), 16) / 255).toFixed(2);
}

// Writes into the field what a companion says; returns whether the element is one.
export function lead(element) {
  const { dataset } = element;
  if ("slides" in dataset) {
    element.parentElement.querySelector("input[name]").value = element.value;
    return true;
  }
  if (!("picks" in dataset || "fades" in dataset)) return false;
  const picker = element.parentElement;
  const opacity = picker.querySelector("[data-fades]").value;
  picker.parentElement.querySelector("input[name]").value = rgba(picker.querySelector("[data-picks]").value, opacity);
  picker.classList.remove("none");
  return true;
}
