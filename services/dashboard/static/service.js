// A service's card: how it is, and what those got who asked for it.

import { attribute, h, status, text } from "./dom.js";
import { capital, FAULT, milliseconds, rate, REPLICA, seconds, sent } from "./words.js";

const MIX = [["answered", "answered"], ["stale", "saved"], ["failed", "failed"]];

export function service(name, index) {
  const word = status();
  const perSecond = h("span", { class: "number" });
  const got = h("small");
  const parts = MIX.map(([, kind]) => h("i", { class: kind }));
  const card = h("div", { class: "node service", "data-service": name },
    h("b", { text: capital(name) }), word, got, perSecond, h("div", { class: "mix", "aria-hidden": "true" }, ...parts));
  const element = h("div", { class: "cell" }, card);
  element.style.setProperty("--order", index * 3);
  return {
    element,
    show(state) {
      const [tone, said] = condition(state, name);
      word.show(tone, said);
      const journey = state.visitors.journeys[name];
      const all = sent(journey);
      // A service may be well while those who ask for it are not: the frame is theirs.
      const hurt = all > 0 && journey.failed / all >= 0.5;
      attribute(card, "class", `node service ${hurt ? "bad" : tone}`);
      text(perSecond, all ? `p99 ${milliseconds(journey.p99_ms)}` : "");
      MIX.forEach(([outcome], number) => { parts[number].style.width = `${all ? (100 * journey[outcome]) / all : 0}%`; });
      text(got, gist(journey, all));
    },
  };
}

function condition(state, name) {
  const replicas = state.replicas.filter((each) => each.service === name);
  const faults = state.faults.filter((each) => each.service === name);
  if (faults.length) {
    const struck = new Set(faults.map((each) => each.target)).size;
    const running = replicas.filter((each) => each.state !== "gone").length;
    if (struck < running) return ["warn", `${struck} of ${running} struck`];
    const [fault] = faults;
    const strength = fault.kind === "latency" ? ` +${fault.settings.delay_ms / 1000} s` : "";
    return ["bad", `${capital(FAULT[fault.kind] ?? fault.kind)}${strength}, ${seconds(fault.left_s)}`];
  }
  const ready = replicas.filter((each) => each.state === "ready");
  if (!replicas.length) return ["idle", "Not watched"];
  if (replicas.length === 1) {
    const [tone, word] = REPLICA[replicas[0].state];
    return [tone, tone === "ok" ? `${word}, ${rate(replicas[0].rate)}` : `${word} ${seconds(replicas[0].since_s)}`];
  }
  const tone = ready.length === replicas.length ? "ok" : ready.length ? "warn" : "bad";
  return [tone, `${ready.length} of ${replicas.length} ready`];
}

function gist(journey, all) {
  if (!all) return "nobody asked";
  if (journey.failed) return `${journey.failed} of ${all} failed`;
  return journey.stale ? `${journey.stale} of ${all} saved` : "all answered";
}
