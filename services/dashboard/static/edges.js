// Lines between the parts: as thick as the traffic, dashed where there is none.

import { attribute, s } from "./dom.js";

const thickness = (share) => (share > 0 ? 1.5 + 7 * Math.min(1, share) : 1.5);

/** One line across. `show(tone, share)`. */
export function wire(more = "") {
  const path = s("path", { d: "M0 50H100" });
  const element = s("svg", { class: `edges ${more}`.trim(), viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" }, path);
  element.show = (tone, share) => draw(path, tone, share);
  return element;
}

/** From one point on the left to rows of equal height on the right. `show([[tone, share], ...])`. */
export function fan() {
  const element = s("svg", { class: "edges fan", viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" });
  element.show = (rows) => {
    while (element.childElementCount > rows.length) element.lastChild.remove();
    while (element.childElementCount < rows.length) element.append(s("path"));
    rows.forEach(([tone, share], index) => {
      const y = (100 * (index + 0.5)) / rows.length;
      attribute(element.children[index], "d", `M0 50C55 50 45 ${y} 100 ${y}`);
      draw(element.children[index], tone, share);
    });
  };
  return element;
}

function draw(path, tone, share) {
  attribute(path, "class", share > 0 ? tone : `${tone} none`);
  attribute(path, "stroke-width", thickness(share).toFixed(1));
}
