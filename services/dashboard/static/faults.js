// What can be broken: a target, a kind of fault, its strength and its time; and what is broken now.

import { change } from "./api.js";
import { h, list, shape, text } from "./dom.js";
import { capital, FAULT, seconds } from "./words.js";

const RATES = [["always", { rate: 1 }], ["half of the time", { rate: 0.5 }], ["1 in 10", { rate: 0.1 }]];
const KINDS = {
  latency: ["Slow", [["+3 s", { delay_ms: 3000 }], ["+1 s", { delay_ms: 1000 }], ["+300 ms", { delay_ms: 300 }], ["+10 s", { delay_ms: 10000 }]]],
  error: ["Errors", RATES],
  hang: ["Hang", RATES],
  crash: ["Crash", [["at once", {}]]],
  grey: ["Grey", RATES],
  reset: ["Reset", RATES],
  leak: ["Leak", [["20 MiB/s", { mib_per_s: 20 }], ["5 MiB/s", { mib_per_s: 5 }]]],
  block: ["Block", [["500 ms at a time", { block_ms: 500 }], ["200 ms at a time", { block_ms: 200 }]]],
  exhaust_pool: ["Exhaust pool", [["every connection", {}]]],
};
const TIMES = [["for 30 s", 30], ["for 60 s", 60], ["for 2 min", 120], ["for 5 min", 300]];

export function faults(root) {
  const target = choice("Target");
  const strength = choice("Strength");
  const time = choice("Time");
  fill(time, TIMES.map(([name, value]) => [name, value]));
  time.value = "60";
  let kind = "latency";
  const kinds = h("fieldset", { class: "kinds", "aria-label": "Kind of fault" }, ...Object.entries(KINDS).map(([name, [title]]) => {
    const radio = h("input", { type: "radio", name: "kind", value: name, "data-change": "", "aria-label": title, on: { change: () => choose(name) } });
    radio.checked = name === kind;
    return h("label", {}, radio, h("span", { text: title }));
  }));
  const inject = h("button", { type: "submit", class: "primary wide", "data-change": "", text: "Inject" });
  const active = h("ul", { class: "active", "aria-label": "Faults that are on" });
  const send = (event) => {
    event.preventDefault();
    const settings = KINDS[kind][1][Number(strength.value)][1];
    change("PUT", `/control/faults/${target.value}`, { kind, for_s: Number(time.value), ...settings });
  };
  root.append(
    active,
    h("form", { on: { submit: send } }, kinds, h("div", { class: "choices" }, target, strength, time), inject),
  );
  choose(kind);

  function choose(name) {
    kind = name;
    fill(strength, KINDS[kind][1].map(([title], index) => [title, index]));
    strength.hidden = KINDS[kind][1].length === 1;
    time.hidden = kind === "crash";
  }

  return (state) => {
    const replicas = state.replicas.filter((each) => each.service !== "lb" && each.state !== "gone");
    const services = [...new Set(replicas.map((each) => each.service))];
    const single = (name) => replicas.filter((each) => each.service === name).length === 1;
    const names = [...services.filter((name) => name !== "gateway").map((name) => [capital(name), name]), ...replicas.filter((each) => !single(each.service) || each.service === "gateway").map((each) => [each.name, each.name])];
    const before = target.value;
    fill(target, names);
    target.value = names.some(([, value]) => value === before) ? before : "customers";
    list(active, struck(state.faults, replicas), (each) => each.target, line);
  };
}

function choice(name) {
  return h("select", { "aria-label": name, "data-change": "" });
}

function fill(select, options) {
  const now = [...select.options].map((each) => `${each.text}=${each.value}`).join();
  if (now === options.map(([name, value]) => `${name}=${value}`).join()) return;
  select.replaceChildren(...options.map(([name, value]) => h("option", { value, text: name })));
}

/** Whoever has faults, with all of them: a service, where its replicas are struck alike, or one replica. */
function struck(faults, replicas) {
  const found = new Map();
  for (const { target, service, kind, left_s } of faults) {
    const known = found.get(target) ?? { target, service, kinds: [], left_s: 0 };
    found.set(target, { ...known, kinds: [...known.kinds, kind].sort(), left_s: Math.max(known.left_s, left_s) });
  }
  const alike = (one) => {
    const same = [...found.values()].filter((each) => each.service === one.service && each.kinds.join() === one.kinds.join());
    return same.length === replicas.filter((each) => each.service === one.service).length;
  };
  const named = [...found.values()].map((each) => (alike(each) ? { ...each, target: each.service } : each));
  return [...new Map(named.map((each) => [each.target, each])).values()];
}

function line({ target }) {
  const words = h("span", { class: "grow" });
  const stop = h("button", {
    type: "button", "data-change": "", text: "Stop", "aria-label": `Stop the faults of ${target}`,
    on: { click: () => change("DELETE", `/control/faults/${target}`) },
  });
  const element = h("li", {}, shape("bad"), words, stop);
  element.update = ({ kinds, left_s }) => {
    text(words, `${target}: ${kinds.map((kind) => FAULT[kind] ?? kind).join(", ")}, ${seconds(left_s)} left`);
  };
  return element;
}
