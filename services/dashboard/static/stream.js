// The stream of news. It comes back by itself: also where an EventSource would give up, as on a 502 while the server restarts.

const AGAIN_MS = 1000;
// A connection that died without a word, as in a laptop that slept, is still open to an EventSource.
const PATIENCE_MS = 10000;

/**
 * `onFull(state)` after every connect, `onNews(state)` for what is new, `onAge(seconds)` before the first and where nothing
 * is new. Closed while nobody looks at the page.
 */
export function connect(onFull, onNews, onAge) {
  let source = null;
  let timer = null;

  function openIn(ms) {
    clearTimeout(timer);
    timer = setTimeout(open, ms);
  }

  function open() {
    openIn(PATIENCE_MS);
    source?.close();
    source = new EventSource("/control/events");
    hear("age", onAge);
    hear("state", onFull);
    hear("news", onNews);
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) openIn(AGAIN_MS);
    });
  }

  function hear(name, tell) {
    source.addEventListener(name, (event) => {
      openIn(PATIENCE_MS);
      tell(JSON.parse(event.data));
    });
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return open();
    clearTimeout(timer);
    source.close();
  });
  open();
}
