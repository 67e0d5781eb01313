// One strip for the patterns, for every breaker and for every replica: its states over time.

import { s } from "./dom.js";
import { runs } from "./timeline.js";
import { capital, CIRCUIT, REPLICA } from "./words.js";

const PATTERNS = { on: ["on", "on"], off: ["idle", "all off"], "some on": ["half", "some off"], unknown: ["idle", "not known"] };
const LETTER_PX = 6.2;

/** Functions that draw a strip each: `(frame, y, height)`. */
export function strips(points) {
  const names = (kind) => [...new Set(points.flatMap((point) => Object.keys(point[kind])))];
  return [
    strip("Patterns", points, (point) => PATTERNS[point.patterns] ?? PATTERNS.unknown),
    ...names("circuits").map((name) => strip(`${capital(name)} breaker`, points, (point) => circuit(point.circuits[name]))),
    ...names("replicas").map((name) => strip(name, points, (point) => replica(point.replicas[name]))),
  ];
}

function circuit(state) {
  if (!state) return ["", ""];
  const [tone, word] = CIRCUIT[state] ?? CIRCUIT.unknown;
  return [state === "half_open" ? "half" : tone, state === "closed" ? "" : word.toLowerCase()];
}

function replica(state) {
  if (!state) return ["", ""];
  const [tone, word] = REPLICA[state];
  return [tone, state === "ready" ? "" : word.toLowerCase()];
}

function strip(label, points, look) {
  return (frame, y, height) => [
    s("text", { x: 0, y: y + height - 3, text: label }),
    ...runs(points, (point) => look(point).join("|")).flatMap(({ value, from, to }) => {
      const [tone, word] = value.split("|");
      if (!tone) return [];
      const left = frame.x(from);
      const width = Math.max(1, frame.x(to) - left);
      const box = s("rect", { class: `strip ${tone}`, x: left, y: y + (tone === "idle" ? 0.5 : 0), width, height: height - (tone === "idle" ? 1 : 0), rx: 2.5 });
      const fits = word && word.length * LETTER_PX + 8 < width;
      return fits ? [box, s("text", { class: tone, x: left + 5, y: y + height - 3, text: word })] : [box];
    }),
  ];
}
