// Where the token goes in, for whoever came without it.

import { change } from "./api.js";
import { h } from "./dom.js";

export function entry(root, may, entered) {
  root.hidden = may;
  if (may || root.childElementCount) return;
  const field = h("input", {
    type: "password", name: "token", autocomplete: "off", placeholder: "token", "aria-label": "Control token", required: "",
  });
  const unlock = async (event) => {
    event.preventDefault();
    const done = await change("PUT", "/control/session", undefined, { Authorization: `Bearer ${field.value.trim()}` });
    if (done) entered();
  };
  root.append(
    h("h2", { text: "You are watching only" }),
    h("p", { class: "dim", text: "To break and switch things, open the address that was printed at the start, or enter its token." }),
    h("form", { on: { submit: unlock } }, field, h("button", { type: "submit", text: "Unlock" })),
  );
}
