// Two minutes on one time axis: what visitors got, how long it took, and the state of everything meanwhile.

import { attribute, s, text } from "./dom.js";
import { latency } from "./latency.js";
import { outcomes } from "./outcomes.js";
import { strips } from "./strips.js";
import { milliseconds } from "./words.js";

const SPAN_S = 120;
const LABELS = 118;
const RIGHT = 8;
const AXIS = 16;
const OUTCOMES = 82;
const LATENCY = 74;
const GAP = 8;
const STRIP = 14.5;

export function timeline(root, readout) {
  const svg = s("svg", {
    role: "slider", tabindex: "0", "aria-labelledby": "timeline-title", "aria-valuemin": -SPAN_S, "aria-valuemax": 0,
  });
  root.append(svg);
  let state = null;
  let cursorAt = null;
  new ResizeObserver(() => draw()).observe(root);

  /** `moved`: the user did it, and is told. Who rests on the slider is not told every second. */
  function draw(moved = false) {
    if (!state || !root.clientWidth) return;
    const lines = strips(state.history);
    const top = { outcomes: 4, latency: OUTCOMES + GAP + 4 };
    const below = top.latency + LATENCY + AXIS + 4;
    const height = below + lines.length * STRIP + 2;
    const width = root.clientWidth;
    const now = state.history.at(-1)?.at ?? state.at;
    const frame = {
      left: LABELS, right: width - RIGHT, now,
      x: (at) => LABELS + (width - RIGHT - LABELS) * (1 - Math.min(SPAN_S, Math.max(0, now - at)) / SPAN_S),
    };
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", height);
    svg.replaceChildren(
      hatch(),
      ...shades(frame, state.history, height),
      ...grid(frame, top.latency + LATENCY, height),
      ...outcomes(frame, state.history, top.outcomes, OUTCOMES),
      ...latency(frame, state.history, top.latency, LATENCY),
      ...lines.flatMap((line, index) => line(frame, below + index * STRIP, STRIP - 3)),
      ...cursor(frame, height),
    );
    svg.frame = frame;
    describe(moved);
  }

  function cursor(frame, height) {
    if (cursorAt === null) return [];
    const x = frame.x(cursorAt);
    return [s("line", { class: "cursor", x1: x, x2: x, y1: 0, y2: height })];
  }

  function describe(moved) {
    const points = state.history;
    const point = cursorAt === null ? points.at(-1) : nearest(points, cursorAt);
    if (!point) return;
    const ago = Math.round(points.at(-1).at - point.at);
    const slowest = Math.max(...Object.values(point.p99_ms).map((each) => each ?? 0));
    const faults = point.faults.length ? `; fault: ${point.faults.join(", ").replaceAll("_", " ")}` : "";
    const said = `${ago ? `${ago} s ago` : "now"}: ${point.answered} answered, ${point.stale} saved, ${point.failed} failed; slowest ${milliseconds(slowest || null)}; patterns ${point.patterns}${faults}`;
    text(readout, cursorAt === null ? "shaded: a fault is on" : said);
    if (!moved && document.activeElement === svg && svg.hasAttribute("aria-valuetext")) return;
    attribute(svg, "aria-valuenow", -ago);
    attribute(svg, "aria-valuetext", said);
  }

  svg.addEventListener("pointermove", (event) => {
    const { left, right, now } = svg.frame;
    const x = event.clientX - svg.getBoundingClientRect().left;
    cursorAt = x < left || x > right ? null : now - SPAN_S * (1 - (x - left) / (right - left));
    draw();
  });
  svg.addEventListener("pointerleave", () => { cursorAt = null; draw(); });
  svg.addEventListener("blur", () => { cursorAt = null; draw(); });
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10, Home: -SPAN_S, End: SPAN_S }[event.key];
    if (!step || !state) return;
    event.preventDefault();
    const latest = state.history.at(-1).at;
    cursorAt = Math.min(latest, Math.max(latest - SPAN_S, (cursorAt ?? latest) + step));
    draw(true);
  });

  return (latest) => {
    state = latest;
    draw();
  };
}

function nearest(points, at) {
  return points.reduce((best, point) => (Math.abs(point.at - at) < Math.abs(best.at - at) ? point : best), points[0]);
}

/** The second best is hatched as well as coloured. */
function hatch() {
  return s("defs", {}, s("pattern", { id: "saved", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    s("rect", { width: 5, height: 5 }), s("path", { d: "M0 0V5" })));
}

function shades(frame, points, height) {
  return runs(points, (point) => (point.faults.length ? "on" : "")).filter((run) => run.value).map((run) => s("rect", {
    class: "shade", x: frame.x(run.from), width: Math.max(1, frame.x(run.to) - frame.x(run.from)), y: 0, height,
  }));
}

function grid(frame, y, height) {
  const found = [];
  const step = frame.right - frame.left < 420 ? 40 : 20;
  for (let ago = 0; ago <= SPAN_S; ago += step) {
    const x = frame.x(frame.now - ago);
    const anchor = ago === 0 ? "end" : ago === SPAN_S ? "start" : "middle";
    found.push(s("line", { class: "grid", x1: x, x2: x, y1: 0, y2: height }));
    found.push(s("text", { x, y: y + 13, "text-anchor": anchor, text: ago ? `−${ago} s` : "now" }));
  }
  return found;
}

/** Stretches of points with the same value: `{value, from, to}`. */
export function runs(points, value) {
  const found = [];
  points.forEach((point, index) => {
    const from = index ? points[index - 1].at : point.at - 1;
    const last = found.at(-1);
    const now = value(point);
    if (last && last.value === now) last.to = point.at;
    else found.push({ value: now, from, to: point.at });
  });
  return found;
}
