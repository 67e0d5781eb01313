// What the numbers and states of the server are called on the page. Each state has a tone, which has a shape and a colour.

export const SERVICES = ["products", "customers", "orders"];

export const REPLICA = {
  ready: ["ok", "Ready"],
  not_ready: ["warn", "Not ready"],
  silent: ["bad", "Not answering"],
  down: ["bad", "Down"],
  gone: ["bad", "Gone"],
};

export const CIRCUIT = {
  closed: ["ok", "CLOSED"],
  open: ["warn", "OPEN"],
  forced_open: ["warn", "HELD OPEN"],
  half_open: ["warn", "HALF-OPEN"],
  disabled: ["idle", "NOT WATCHING"],
  metrics_only: ["idle", "ONLY WATCHING"],
  unknown: ["idle", "UNKNOWN"],
  idle: ["idle", "NO CALLS"],
};

export const VERDICT = {
  healthy: "ok",
  unprotected: "warn",
  degraded: "warn",
  failing: "bad",
  down: "bad",
  unwatched: "idle",
  opening: "idle",
};

export const FAULT = {
  latency: "slow", error: "errors", hang: "hangs", reset: "resets", grey: "grey failure",
  crash: "crash", leak: "leaks memory", block: "blocked", exhaust_pool: "pool exhausted",
};

export const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** 0.994 as `99.4 %`: never rounded up to all, nor down to none. */
export function percent(share, digits = 0) {
  if (share === null || share === undefined) return "–";
  const scale = 10 ** digits;
  let value = Math.round(share * 100 * scale) / scale;
  if (share < 1 && value >= 100) value = 100 - 1 / scale;
  if (share > 0 && value <= 0) value = 1 / scale;
  return `${value} %`;
}

export function milliseconds(ms) {
  if (ms === null || ms === undefined) return "–";
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms >= 10000 ? 0 : 1)} s`;
  return `${ms >= 10 ? Math.round(ms) : ms.toFixed(1)} ms`;
}

export function rate(perSecond) {
  return `${perSecond >= 3 ? Math.round(perSecond) : Math.round(perSecond * 10) / 10}/s`;
}

export function seconds(time) {
  if (time < 120) return `${Math.round(time)} s`;
  return time < 7200 ? `${Math.round(time / 60)} min` : `${Math.round(time / 3600)} h`;
}

export const sent = (visits) => visits.answered + visits.stale + visits.failed;
