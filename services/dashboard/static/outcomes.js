// What visitors got, second by second, stacked: answered, then saved, then failed on top.

import { s } from "./dom.js";
import { sent } from "./words.js";

const LAYERS = [["answered", ["answered"]], ["saved", ["answered", "stale"]], ["failed", ["answered", "stale", "failed"]]];

export function outcomes(frame, points, top, height) {
  const most = ceiling(Math.max(4, ...points.map((point, index) => sent(point) / lasted(points, index))));
  const y = (count) => top + height * (1 - count / most);
  const drawn = LAYERS.map(([kind, sum], index) => {
    const under = index ? LAYERS[index - 1][1] : [];
    const added = (index, kinds) => kinds.reduce((total, each) => total + points[index][each], 0) / lasted(points, index);
    return s("path", { class: kind, d: bars(frame, points, (index) => y(added(index, under)), (index) => y(added(index, sum))) });
  });
  const scale = [0, most / 2, most].flatMap((count) => [
    s("line", { class: "grid", x1: frame.left, x2: frame.right, y1: y(count), y2: y(count) }),
    s("text", { x: frame.left - 7, y: y(count) + (count === most ? 8 : count ? 4 : 0), "text-anchor": "end", text: String(count) }),
  ]);
  return [...scale, ...drawn, ...key(top)];
}

/** The seconds that a point stands for: a look that took long makes it more than one. */
function lasted(points, index) {
  return index ? Math.max(0.5, points[index].at - points[index - 1].at) : 1;
}

function bars(frame, points, from, to) {
  return points.map((point, index) => {
    const [low, high] = [from(index).toFixed(1), to(index).toFixed(1)];
    const left = frame.x(point.at - lasted(points, index)).toFixed(1);
    const right = Math.max(Number(left) + 0.5, frame.x(point.at) - 0.6).toFixed(1);
    return low === high ? "" : `M${left} ${low}V${high}H${right}V${low}Z`;
  }).join("");
}

function key(top) {
  const lines = [["failed", "failed"], ["saved", "saved"], ["answered", "answered"]];
  return [
    s("text", { class: "head", x: 0, y: top + 9, text: "Visitors/s" }),
    ...lines.flatMap(([kind, name], index) => [
      s("rect", { class: kind, x: 0, y: top + 20 + index * 16, width: 10, height: 10, rx: 2 }),
      s("text", { x: 15, y: top + 29 + index * 16, text: name }),
    ]),
  ];
}

/** A round number at or above. */
function ceiling(count) {
  const scale = 10 ** Math.floor(Math.log10(count));
  return [1, 2, 3, 4, 6, 8, 10].map((each) => each * scale).find((each) => each >= count);
}
