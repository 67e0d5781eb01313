// A bulkhead as its slots, a service's own or the one pool for all, and those who wait for one.

import { attribute, h, text } from "./dom.js";
import { wire } from "./edges.js";

// More could not be told apart; the words have the numbers.
const DRAWN = 200;
const WAITING_DRAWN = 25;

export function bulkhead(name, index) {
  const slots = slotsOf(`${name}: slots`);
  const after = wire("stretch");
  const element = h("div", { class: "cell" }, slots.element, after);
  element.style.setProperty("--order", index * 3 + 1);
  return {
    element,
    show(known, tone, share) {
      slots.show(known, "");
      after.show(tone, share);
    },
  };
}

export function pool() {
  const slots = slotsOf("shared pool");
  slots.element.classList.add("shared");
  const element = h("div", { class: "cell" }, slots.element);
  return { element, show: (known) => slots.show(known, "One pool: ") };
}

function slotsOf(label) {
  const words = h("small");
  const cells = h("div", { class: "slots", "aria-hidden": "true" });
  const element = h("div", { class: "bulkhead", role: "group", "aria-label": label }, words, cells);
  return {
    element,
    show(known, prefix) {
      const limit = known?.limit ?? 0;
      const slots = Math.min(DRAWN, limit);
      const drawn = slots + Math.min(WAITING_DRAWN, known?.queued ?? 0);
      while (cells.childElementCount > drawn) cells.lastChild.remove();
      while (cells.childElementCount < drawn) cells.append(h("i"));
      [...cells.children].forEach((cell, index) => attribute(cell, "class", index >= slots ? "waiting" : index < known.in_use ? "used" : null));
      element.classList.toggle("full", limit > 0 && known.in_use >= limit);
      const waiting = known?.queued ? `, ${known.queued} waiting` : "";
      text(words, known ? `${prefix}${known.in_use} of ${limit}${waiting}` : "not known");
    },
  };
}
