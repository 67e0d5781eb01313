// The first lane: visitors, nginx, and every replica of Products with its part of the traffic.

import { attribute, h, list, status, text } from "./dom.js";
import { fan, wire } from "./edges.js";
import { milliseconds, percent, rate, REPLICA, seconds, sent } from "./words.js";

export function failover(root, served) {
  const visitors = node("Visitors");
  const nginx = node("nginx");
  const into = wire();
  const out = fan();
  const rows = h("div", { class: "rows" });
  root.append(visitors.element, into, nginx.element, out, rows);

  return (state) => {
    const search = state.visitors.journeys.search;
    const asked = sent(search);
    visitors.show(asked ? "note" : "idle", asked ? `${rate(asked / Math.max(1, state.visitors.span_s))} searching` : "nobody asks");
    const balancer = state.replicas.find((each) => each.service === "lb");
    const [tone, word] = REPLICA[balancer?.state] ?? ["idle", "Not watched"];
    nginx.show(tone, balancer?.state === "ready" ? "balances the load" : word);
    into.show(asked ? tone : "idle", asked ? 0.6 : 0);
    const replicas = state.replicas.filter((each) => each.service === "products");
    out.show(replicas.map((each) => [each.state === "ready" && !each.share ? "idle" : REPLICA[each.state][0], each.share ?? 0]));
    list(rows, replicas, (each) => each.name, row);
    text(served, servers(search.served_by));
  };
}

/** What the visitors themselves read on their answers; the rows are what the replicas say. */
function servers(counts) {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${percent(count / all)}`);
  return all ? `visitors were served by ${parts.join(", ")}` : "";
}

/** A box with a name and what it does. `show(tone, words)`. */
export function node(name) {
  const title = status();
  const words = h("small");
  const element = h("div", { class: "node" }, h("b", {}, title), words);
  return {
    element,
    show(tone, said) {
      title.show(tone, name);
      attribute(element, "class", `node ${tone}`);
      text(words, said);
    },
  };
}

function row() {
  const name = h("b");
  const word = status();
  const bar = h("i");
  const share = h("span", { class: "number" });
  const perSecond = h("span", { class: "number dim" });
  const latency = h("span", { class: "number dim latency" });
  const element = h("div", { class: "row" }, name, word, h("span", { class: "share" }, bar), share, perSecond, latency);
  const slot = h("div", { class: "slot" }, element);
  slot.update = (replica) => {
    const [tone, state] = REPLICA[replica.state];
    attribute(element, "class", `row ${tone}`);
    attribute(element, "data-replica", replica.name);
    attribute(element, "data-state", replica.state);
    text(name, replica.name);
    const detail = replica.detail === "stopping" ? "Stopping" : state;
    word.show(tone, tone === "ok" ? state : `${detail} ${seconds(replica.since_s)}`);
    bar.style.width = `${100 * (replica.share ?? 0)}%`;
    bar.className = tone;
    text(share, percent(replica.share ?? 0));
    text(perSecond, rate(replica.rate));
    text(latency, replica.p99_ms === null ? "p99 –" : `p99 ${milliseconds(replica.p99_ms)}`);
    attribute(slot, "title", replica.detail || null);
  };
  return slot;
}
