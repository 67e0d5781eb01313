// A switch for every pattern with what it did lately, and the show of what happens without them.

import { change } from "./api.js";
import { attribute, h, text } from "./dom.js";
import { rate } from "./words.js";

const total = (state, count) => state.gateways.flatMap((each) => Object.values(each.dependencies)).reduce((sum, each) => sum + count(each), 0);
const circuits = (state, wanted) => total(state, (each) => (wanted.includes(each.circuit.state) ? 1 : 0));

const PATTERNS = [
  ["timeouts", "Timeouts", (state) => `a slow call is cut off · ${total(state, (each) => each.rejected.timeout ?? 0)} so far`],
  ["circuit_breakers", "Circuit breakers", (state) => `a failing service is left alone · ${circuits(state, ["open", "half_open", "forced_open"])} open`],
  ["bulkheads", "Bulkheads", (state) => `slots of its own for each service · ${total(state, (each) => each.rejected.bulkhead_full ?? 0)} refused`],
  ["retries", "Retries", (state) => `reads are tried again · ${rate(total(state, (each) => each.retries_rate))} now`],
  ["retry_budgets", "Retry budgets", (state) => `retries stay few · ${total(state, (each) => each.retries_refused)} refused`],
  ["fallbacks", "Fallbacks", (state) => `saved answers stand in · ${rate(total(state, (each) => each.stale_rate))} now`],
];

export function patterns(root) {
  const rows = PATTERNS.map(([name, title, numbers]) => {
    const words = h("small");
    const toggle = h("button", {
      type: "button", class: "switch", role: "switch", "aria-checked": "true", "aria-label": title, "data-change": "", "data-pattern": name, text: "–",
      on: { click: () => change("PUT", "/control/patterns", { [name]: toggle.getAttribute("aria-checked") !== "true" }) },
    });
    root.append(h("div", { class: "pattern" }, h("div", {}, h("span", { text: title }), words), toggle));
    return { name, title, numbers, words, toggle };
  });
  const show = h("button", { type: "button", class: "wide", "data-change": "", on: { click: () => change(showing ? "DELETE" : "PUT", "/control/show") } });
  root.append(show);
  let showing = false;

  return (state) => {
    for (const { name, title, numbers, words, toggle } of rows) {
      const on = state.patterns[name];
      const known = on === true || on === false;
      attribute(toggle, "aria-checked", String(on === true));
      attribute(toggle, "aria-label", known ? title : `${title}, not known`);
      text(toggle, known ? (on ? "On" : "Off") : "?");
      text(words, numbers(state));
    }
    showing = state.show_left_s !== null;
    show.classList.toggle("running", showing);
    text(show, showing ? meanwhile(Math.ceil(state.show_left_s)) : "Show the failure: all patterns off, 40 s");
  };
}

/** A gateway that cannot be told makes the show outlast its time. */
function meanwhile(left) {
  return left ? `All patterns are off, ${left} s left. Switch on now` : "Switching the patterns on";
}
