// The bar on top: how old the data are, how many visitors there are, light or dark, and the way back to normal.

import { change } from "./api.js";
import { h, reshape, shape, text } from "./dom.js";
import { rate } from "./words.js";

const STALE_S = 3.5;
const USUAL_RATE = 20;

/** `lost(seconds)` is told while nothing new is heard. */
export function bar({ age, load, theme, clear }, store, lost) {
  const icon = shape("idle");
  const words = h("span");
  age.append(icon, words);
  const visitors = h("span");
  const stop = h("button", { type: "button", "data-change": "", on: { click: () => setRate(running ? 0 : usual) } });
  load.append(visitors, stop);
  clear.dataset.change = "";
  clear.addEventListener("click", () => change("DELETE", "/control/faults"));
  theme.addEventListener("click", () => {
    const chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = chosen;
    try { localStorage.setItem("theme", chosen); } catch { /* it holds until the page is left */ }
    name();
  });
  let running = true;
  let usual = USUAL_RATE;

  const setRate = (perSecond) => change("PUT", "/control/visitors", { rate: perSecond });
  const name = () => text(theme, document.documentElement.dataset.theme === "dark" ? "Light theme" : "Dark theme");
  name();

  function tick() {
    const heard = store.state !== null;
    const old = heard && store.ageSeconds > STALE_S;
    document.body.classList.toggle("stale", old);
    age.classList.toggle("old", old);
    if (old) lost(store.ageSeconds);
    reshape(icon, heard && !old ? "ok" : "idle");
    if (!heard) text(words, "Connecting");
    else text(words, old ? `Stale, ${Math.round(store.ageSeconds)} s old` : `Live, ${store.ageSeconds.toFixed(1)} s old`);
  }
  setInterval(tick, 500);
  tick();

  return (state) => {
    tick();
    running = state.visitors.rate > 0;
    if (running) usual = state.visitors.rate;
    const flow = state.visitors.waiting ? "Visitors wait" : `${rate(state.visitors.rate).replace("/s", "")} visitors/s`;
    text(visitors, running ? flow : "No visitors");
    text(stop, running ? "Stop" : "Let them in");
  };
}
