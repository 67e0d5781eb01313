// The latest state with its history and log, put together from the news.

const HISTORY_S = 120;
const ENTRIES = 100;

export class Store {
  state = null;
  madeAt = 0;

  /** How old the data are is told before them. */
  full(state) {
    this.state = state;
  }

  news(state) {
    const old = this.state ?? { history: [], log: [] };
    const history = [...old.history, ...state.history].filter((point) => point.at > state.at - HISTORY_S);
    this.full({ ...state, history, log: [...old.log, ...state.log].slice(-ENTRIES) });
    this.ageSeconds = 0;
  }

  get ageSeconds() {
    return (performance.now() - this.madeAt) / 1000;
  }

  set ageSeconds(age) {
    this.madeAt = performance.now() - 1000 * age;
  }
}
