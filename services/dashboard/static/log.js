// What happened, the newest first.

import { h, list, shape } from "./dom.js";

const TONE = { good: "ok", warning: "warn", bad: "bad", you: "you", note: "note" };
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

export function log(root) {
  return (state) => list(root, [...state.log].reverse(), (entry) => `${entry.at} ${entry.text}`, line);
}

function line(entry) {
  const tone = TONE[entry.kind] ?? "note";
  const when = new Date(entry.at * 1000);
  return h("li", {},
    h("time", { datetime: when.toISOString(), text: clock.format(when) }),
    h("span", { class: tone }, shape(tone)),
    h("span", { class: "text", text: entry.text }),
  );
}
