// How long visitors waited, on a logarithmic scale: a second's slowest hundredth for each service.

import { s } from "./dom.js";
import { capital, SERVICES } from "./words.js";

const LEAST_MS = 1;
const MOST_MS = 5000;
const MARKS = [[1, "1 ms"], [10, "10"], [100, "100"], [1000, "1 s"]];

export function latency(frame, points, top, height) {
  const y = (ms) => {
    const inside = Math.min(MOST_MS, Math.max(LEAST_MS, ms));
    return top + height * (1 - Math.log(inside / LEAST_MS) / Math.log(MOST_MS / LEAST_MS));
  };
  const scale = MARKS.flatMap(([ms, name]) => [
    s("line", { class: "grid", x1: frame.left, x2: frame.right, y1: y(ms), y2: y(ms) }),
    s("text", { x: frame.left - 7, y: y(ms) + 4, "text-anchor": "end", text: name }),
  ]);
  const lines = SERVICES.map((name) => s("path", { class: `line ${name}`, d: line(frame, points, name, y) }));
  const key = SERVICES.flatMap((name, index) => [
    s("line", { class: `line ${name}`, x1: 0, x2: 16, y1: top + 25 + index * 16, y2: top + 25 + index * 16 }),
    s("text", { x: 21, y: top + 29 + index * 16, text: capital(name) }),
  ]);
  return [s("text", { class: "head", x: 0, y: top + 9, text: "p99 latency" }), ...key, ...scale, ...lines];
}

/** Broken where nobody asked. */
function line(frame, points, name, y) {
  let drawing = false;
  return points.map((point) => {
    const ms = point.p99_ms[name];
    if (ms === null || ms === undefined) {
      drawing = false;
      return "";
    }
    const command = drawing ? "L" : "M";
    drawing = true;
    return `${command}${frame.x(point.at).toFixed(1)} ${y(ms).toFixed(1)}`;
  }).join("");
}
