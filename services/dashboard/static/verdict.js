// The verdict: a shape and words, cause and effect, four figures.

import { change } from "./api.js";
import { attribute, h, reshape, shape, text } from "./dom.js";
import { milliseconds, percent, seconds, sent, VERDICT } from "./words.js";

export function verdict(root) {
  const icon = shape("idle");
  // Spoken when it changes, which the seconds in the sentences do all the time.
  const words = h("span", { role: "status", text: "Connecting" });
  const cause = h("p", { class: "cause" });
  const effect = h("p");
  const told = h("div", { class: "why" }, cause, effect);
  const reset = h("button", {
    type: "button", "data-change": "", text: "reset", "aria-label": "Set the downtime to zero",
    on: { click: () => change("DELETE", "/control/downtime") },
  });
  const answered = figure("answered, last 10 s");
  const p99 = figure("p99, last 10 s");
  const off = figure("down, patterns off");
  const on = figure("down, patterns on ", reset);
  root.append(
    h("p", { class: "words" }, icon, words), told,
    h("dl", { class: "figures" }, answered.element, p99.element, off.element, on.element),
  );

  return ({ verdict: judged, visitors, downtime }) => {
    const tone = VERDICT[judged.status] ?? "idle";
    attribute(root, "class", `verdict ${tone}`);
    attribute(root, "data-status", judged.status);
    reshape(icon, tone);
    text(words, judged.words);
    document.title = `${judged.words} · Afloat`;
    text(cause, judged.cause);
    text(effect, judged.effect);
    const all = sent(visitors);
    answered.show(all ? percent((visitors.answered + visitors.stale) / all, 1) : "–");
    p99.show(milliseconds(visitors.p99_ms));
    off.show(seconds(downtime.off_s));
    on.show(seconds(downtime.on_s));
  };
}

function figure(name, ...more) {
  const value = h("dd", { text: "–" });
  const element = h("div", {}, h("dt", { text: name }, ...more), value);
  return { element, show: (words) => text(value, words) };
}
