// Puts the page together: every view takes the whole state and shows its part of it.

import { mayChange } from "./api.js";
import { bar } from "./bar.js";
import { entry } from "./entry.js";
import { failover } from "./failover.js";
import { faults } from "./faults.js";
import { isolation } from "./isolation.js";
import { log } from "./log.js";
import { patterns } from "./patterns.js";
import { Store } from "./store.js";
import { connect } from "./stream.js";
import { timeline } from "./timeline.js";
import { verdict } from "./verdict.js";

const $ = (id) => document.getElementById(id);
const store = new Store();
const judge = verdict($("verdict"));
const views = [
  judge,
  failover($("failover"), $("served")),
  isolation($("isolation"), $("gateways")),
  timeline($("timeline"), $("readout")),
  log($("log")),
  patterns($("patterns")),
  faults($("faults")),
];
const tick = bar({ age: $("age"), load: $("load"), theme: $("theme"), clear: $("clear") }, store, lost);
views.push(tick);

function lost(seconds) {
  judge({ ...store.state, verdict: {
    status: "unwatched", words: "No news",
    cause: `The dashboard has told nothing new for ${Math.round(seconds)} s.`, effect: "Below is how things were then.",
  } });
}

function show() {
  for (const view of views) view(store.state);
}

/** Who may not change anything finds the switches there, and told why they do not move. */
async function ask() {
  const may = await mayChange().catch(() => false);
  document.body.classList.toggle("view-only", !may);
  for (const control of document.querySelectorAll("[data-change]")) control.disabled = !may;
  entry($("entry"), may, ask);
}

new MutationObserver((changes) => {
  if (!document.body.classList.contains("view-only")) return;
  for (const change of changes) {
    for (const node of change.addedNodes) {
      for (const control of node.querySelectorAll?.("[data-change]") ?? []) control.disabled = true;
    }
  }
}).observe(document.body, { childList: true, subtree: true });

connect(
  (state) => { store.full(state); show(); ask(); },
  (state) => { store.news(state); show(); },
  (seconds) => { store.ageSeconds = seconds; },
);
