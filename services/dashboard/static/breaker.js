// A circuit breaker as the switch that it is named after, with its word and its numbers.

import { attribute, h, s, text } from "./dom.js";
import { wire } from "./edges.js";
import { CIRCUIT, percent } from "./words.js";

export function breaker(name, index) {
  const word = h("b");
  const numbers = h("small");
  const drawing = s("svg", { viewBox: "0 0 66 40", "aria-hidden": "true" },
    s("path", { class: "wire", d: "M0 20H16M50 20H66" }),
    s("line", { class: "lever", x1: 16, y1: 20, x2: 50, y2: 20 }),
    s("circle", { cx: 16, cy: 20, r: 4.5 }),
    s("circle", { cx: 50, cy: 20, r: 4.5 }),
  );
  const body = h("div", { class: "breaker", role: "group", "aria-label": `${name}: circuit breaker` }, drawing, h("div", {}, word, numbers));
  const after = wire("stretch");
  const element = h("div", { class: "cell" }, body, after);
  element.style.setProperty("--order", index * 3 + 2);
  return {
    element,
    show(circuit, tone, share) {
      after.show(tone, share);
      const state = circuit?.state ?? "unknown";
      const [usual, said] = CIRCUIT[state] ?? CIRCUIT.unknown;
      // A closed breaker through which nothing goes has seen nothing that it could vouch for.
      const seen = state === "closed" && circuit.calls === 0 ? "idle" : usual;
      attribute(body, "class", `breaker ${seen}`);
      attribute(body, "data-state", state);
      attribute(body, "data-breaker", name);
      text(word, said);
      text(numbers, numbersOf(circuit, state));
    },
  };
}

function numbersOf(circuit, state) {
  if (!circuit) return "the gateway does not say";
  if (state === "open") return circuit.next_probe_in_s === null ? "next call is a probe" : `next probe in ${Math.ceil(circuit.next_probe_in_s)} s`;
  if (state === "half_open") return "a few calls try";
  if (state === "disabled") return "switched off";
  return circuit.calls ? `${percent(circuit.failure_rate ?? 0)} errors of ${circuit.calls}` : "no calls";
}
