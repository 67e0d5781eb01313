// Changes, for whoever has the cookie. What goes wrong is said in the toast, in the server's own words.

const toast = document.getElementById("toast");
let timer = null;

function say(words) {
  toast.textContent = words;
  toast.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => toast.classList.remove("shown"), 5000);
}

/** Whether it was done. */
export async function change(method, path, body, headers = {}) {
  try {
    const answer = await fetch(path, {
      method,
      headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (answer.ok) return true;
    const problem = await answer.json().catch(() => ({}));
    const errors = (problem.errors ?? []).map((each) => each.msg).join("; ");
    say([problem.detail ?? `The answer was ${answer.status}.`, errors].filter(Boolean).join(" "));
  } catch {
    say("The dashboard cannot be reached.");
  }
  return false;
}

export async function mayChange() {
  const answer = await fetch("/control/session");
  return (await answer.json()).may_change;
}
