// Editing of lists: add an item, remove any, move it, with buttons or with Alt and an arrow key.

import { renumber, setLength } from "./controls.js";

export function editsLists(control, changed) {
  const { element } = control;
  const group = element.querySelector(".items");
  const fieldOf = (item) => item.querySelector("input[name], select[name], textarea[name]");

  function move(item, step) {
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return false;
    if (step < 0) other.before(item);
    else other.after(item);
    return true;
  }

  function done(focused) {
    renumber(control);
    control.untick();
    focused?.focus();
    changed(control, true);
  }

  element.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const item = button.closest(".item");
    if ("add" in button.dataset) {
      setLength(control, group.children.length + 1);
      done(fieldOf(group.lastElementChild));
      fieldOf(group.lastElementChild).select?.();
    } else if ("move" in button.dataset) {
      if (move(item, Number(button.dataset.move))) done(button);
    } else if ("remove" in button.dataset && group.children.length > 1) {
      const next = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      done(next.querySelector("[data-remove]"));
    } else if ("remove" in button.dataset) {
      clear(item);
    }
  });

  // The last item cannot go: what an empty list is, the box or the empty field says.
  function clear(item) {
    const none = control.boxes.find((box) => box.value === "[]");
    fieldOf(item).value = "";
    renumber(control);
    if (none) none.checked = true;
    fieldOf(item).focus();
    changed(control, true);
  }

  group.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !step) return;
    event.preventDefault();
    const { target } = event;
    if (move(target.closest(".item"), step)) done(target);
  });
}
