// The latest state with its history and log, put together from the news.

const HISTORY_S = 120;
const ENTRIES = 100;

export class Store {
  state = null;
  heardAt = 0;

  full(state) {
    this.state = state;
    this.heardAt = performance.now();
  }

  news(state) {
    const old = this.state ?? { history: [], log: [] };
    const history = [...old.history, ...state.history].filter((point) => point.at > state.at - HISTORY_S);
    this.full({ ...state, history, log: [...old.log, ...state.log].slice(-ENTRIES) });
  }

  get ageSeconds() {
    return (performance.now() - this.heardAt) / 1000;
  }
}
