// Offers to tell people on their device when no page is open. Nothing is asked of the browser before they press the button.

const words = {
  en: {
    ask: "Shall we tell you on this device when something is wrong?",
    yes: "Notify me",
    no: "Not now",
    done: "We will tell you on this device.",
    off: "Turn off notifications",
    failed: "This browser could not be set up for notifications.",
  },
  de: {
    ask: "Sollen wir Ihnen auf diesem Gerät Bescheid geben, wenn etwas nicht geht?",
    yes: "Benachrichtigen",
    no: "Jetzt nicht",
    done: "Wir geben Ihnen auf diesem Gerät Bescheid.",
    off: "Benachrichtigungen abschalten",
    failed: "In diesem Browser ließen sich Benachrichtigungen nicht einrichten.",
  },
};
const PLACE = "outage push";

const recall = () => {
  try { return localStorage.getItem(PLACE) ?? ""; } catch { return ""; }
};
const remember = (value) => {
  try { localStorage.setItem(PLACE, value); } catch { /* asked again next time */ }
};

export async function offer({ area, base, lang, box, enter, make, changed, worker }) {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  const say = words[lang];
  const mine = (subscription) => `${box} ${subscription.endpoint}`;

  const call = async (method, body) => fetch(`${base}push?ticket=${encodeURIComponent(await enter())}`, {
    method,
    ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  });

  function show(...inner) {
    area.replaceChildren(...inner);
    changed();
  }

  function button(text, act, about = {}) {
    const made = make("button", { type: "button", ...about }, text);
    made.addEventListener("click", act);
    return made;
  }

  function ask() {
    area.dataset.asks = "yes";
    show(make("p", {}, say.ask), button(say.yes, turnOn), button(say.no, () => {
      remember("no");
      quiet();
    }, { class: "plain" }));
  }

  function quiet(...inner) {
    delete area.dataset.asks;
    show(...inner);
  }

  const off = () => button(say.off, turnOff, { class: "plain" });

  async function turnOn() {
    try {
      if (await Notification.requestPermission() !== "granted") return quiet();
      const { key } = await (await call("GET")).json();
      const there = await active(await navigator.serviceWorker.register(trusted(worker)));
      let subscription = await subscribe(there, key);
      let answer = await call("POST", subscription);
      if (answer.status === 409) { // it was taken back: this device needs a new one
        await subscription.unsubscribe();
        subscription = await subscribe(there, key);
        answer = await call("POST", subscription);
      }
      if (!answer.ok) {
        await subscription.unsubscribe();
        throw new Error(answer.status);
      }
      remember(mine(subscription));
      show(make("p", {}, say.done), off());
    } catch {
      show(make("p", {}, say.failed), button(say.no, () => quiet(), { class: "plain" }));
    }
  }

  async function subscribe(there, key) {
    const options = { userVisibleOnly: true, applicationServerKey: key };
    try {
      return await there.pushManager.subscribe(options);
    } catch (error) {
      if (error.name !== "InvalidStateError") throw error;
      await (await there.pushManager.getSubscription()).unsubscribe(); // of another key
      return there.pushManager.subscribe(options);
    }
  }

  async function turnOff() {
    const subscription = await existing();
    if (subscription) {
      await call("DELETE", subscription).catch(() => {}); // the push service says so too, with the next message
      await subscription.unsubscribe();
    }
    remember("no");
    quiet();
  }

  async function existing() {
    const there = await navigator.serviceWorker.getRegistration(worker);
    return there?.pushManager.getSubscription();
  }

  const subscription = await existing();
  if (subscription && recall().startsWith(`${box} `)) {
    // Browsers exchange subscriptions now and then.
    if (recall() !== mine(subscription) && (await call("POST", subscription)).ok) remember(mine(subscription));
    quiet(off());
  } else if (Notification.permission !== "denied" && recall() !== "no" && (await call("GET")).ok) {
    ask();
  }
}

// Where the page's policy demands trusted types, the address of the site's own file has to be called trusted.
let policy;
function trusted(address) {
  policy ??= window.trustedTypes?.createPolicy("outage-push", { createScriptURL: (same) => same });
  return policy ? policy.createScriptURL(address) : address;
}

function active(there) {
  if (there.active) return there;
  const coming = there.installing ?? there.waiting;
  return new Promise((done) => coming.addEventListener("statechange", () => there.active && done(there)));
}
