// The second lane: the gateway, and between it and each service the bulkhead and the breaker.

import { breaker } from "./breaker.js";
import { bulkhead, pool } from "./bulkhead.js";
import { attribute, h, list } from "./dom.js";
import { fan, wire } from "./edges.js";
import { node } from "./failover.js";
import { service } from "./service.js";
import { rate, REPLICA, sent, SERVICES } from "./words.js";

export function isolation(root, choices) {
  const visitors = node("Visitors");
  const gateway = node("Gateway");
  const into = wire();
  const out = fan();
  const parts = SERVICES.map((name, index) => ({
    name, bulkhead: bulkhead(name, index), breaker: breaker(name, index), service: service(name, index),
  }));
  const shared = pool();
  const column = (kind) => h("div", { class: "column" }, ...parts.map((each) => each[kind].element));
  const bulkheads = h("div", { class: "column" }, ...parts.map((each) => each.bulkhead.element));
  const heads = h("div", { class: "heads", "aria-hidden": "true" },
    h("span", { text: "bulkhead: slots in use" }), h("span", { text: "circuit breaker" }), h("span", { text: "service, and what its visitors got" }));
  const isolated = h("div", { class: "isolated" }, bulkheads, shared.element, column("breaker"), column("service"));
  root.append(
    heads, visitors.element, into, gateway.element, out,
    h("div", { class: "isolation" }, isolated),
  );
  let chosen = null;

  return (state) => {
    const asked = SERVICES.reduce((sum, name) => sum + sent(state.visitors.journeys[name]), 0);
    visitors.show(asked ? "note" : "idle", asked ? `${rate(asked / Math.max(1, state.visitors.span_s))} shopping` : "nobody asks");
    const shown = state.gateways.find((each) => each.name === chosen) ?? state.gateways[0];
    choose(state.gateways, shown);
    const replica = state.replicas.find((each) => each.name === shown?.name) ?? state.replicas.find((each) => each.service === "gateway");
    const [tone, word] = REPLICA[replica?.state] ?? ["idle", "Not watched"];
    const full = Object.values(shown?.dependencies ?? {}).some((each) => each.bulkhead.shared && each.bulkhead.in_use >= each.bulkhead.limit);
    if (full) gateway.show("bad", "every slot is taken");
    else gateway.show(tone, tone === "ok" ? `${replica.name}, ${rate(replica.rate)}` : word);
    into.show(asked ? tone : "idle", asked ? 0.75 : 0);
    const dependencies = shown?.dependencies ?? {};
    const pooled = Object.values(dependencies).some((each) => each.bulkhead.shared);
    bulkheads.hidden = pooled;
    shared.element.hidden = !pooled;
    if (pooled) shared.show(Object.values(dependencies)[0].bulkhead);
    out.show(parts.map(({ name }) => flow(dependencies[name], state.visitors.journeys[name])));
    for (const part of parts) {
      const known = dependencies[part.name];
      const [color, share] = flow(known, state.visitors.journeys[part.name]);
      part.bulkhead.show(known?.bulkhead, color, share);
      part.breaker.show(known?.circuit, color, share);
      part.service.show(state);
    }
  };

  function choose(gateways, shown) {
    list(choices, gateways.length > 1 ? gateways : [], (each) => each.name, (each) => {
      const button = h("button", { type: "button", text: each.name, on: { click: () => { chosen = each.name; } } });
      button.update = (gateway) => attribute(button, "aria-pressed", String(gateway.name === shown.name));
      return button;
    });
  }
}

/** What flows from the gateway towards a service: nothing through an open breaker. */
function flow(dependency, journey) {
  if (!dependency) return ["idle", 0];
  const state = dependency.circuit.state;
  const asked = sent(journey);
  if (state === "open" || state === "forced_open") return ["warn", 0];
  if (!asked) return ["idle", 0];
  if (journey.failed / asked > 0.5) return ["bad", 0.4];
  return [state === "half_open" ? "warn" : "ok", state === "half_open" ? 0.15 : 0.4];
}
