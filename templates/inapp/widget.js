// Shows service messages to whoever is logged in on a page. One tab of a browser holds the stream and tells the others.
(() => {
  "use strict";
  const me = document.currentScript;
  if (!me || document.querySelector("outage-messages")) return;
  const base = new URL(".", me.src).href;
  const words = {
    en: ["Service messages", "Got it", "Connection lost since {time}. Newer messages may be missing."],
    de: ["Hinweise zum Betrieb", "Verstanden", "Verbindung unterbrochen seit {time}. Neuere Hinweise können fehlen."],
  };
  const given = me.dataset.lang || document.documentElement.lang || navigator.language;
  const short = given.slice(0, 2).toLowerCase();
  const lang = words[short] ? short : "en";
  const [title, seen, gone] = words[lang];

  const SILENT = 40000; // ms; heartbeats come every 15 s
  const GRACE = 8000; // a server may start again
  const LONGEST = 30000;
  const SPREAD = 2000; // thousands of pages do not report at once
  const later = (act, longest) => setTimeout(act, Math.random() * longest);

  const open = new Map(); // number -> message, the newest of its thread and not acknowledged
  const cards = new Map(); // number -> its element
  const owed = new Set(); // acknowledgements that the server lacks
  let ticket, until, box, channel, source, replay, retry, ticking;
  let place = 0, tries = 0, leading = false, connected = false, alive = Date.now(), heard = alive;

  // What the page shows

  const make = (name, about = {}, ...inner) => {
    const made = document.createElement(name);
    for (const key in about) made.setAttribute(key, about[key]);
    made.append(...inner);
    return made;
  };
  const host = make("outage-messages");
  const root = host.attachShadow({ mode: "open" });
  const list = make("ul");
  const lost = make("p", { class: "lost" });
  const offer = make("div", { class: "offer" });
  const panel = make("section", { "aria-label": title, lang, hidden: "" }, lost, list, offer);
  const calm = make("div", { class: "quiet", role: "status" });
  const urgent = make("div", { class: "quiet", role: "alert" });
  root.append(panel, calm, urgent);

  const clock = (moment) => {
    const at = new Date(moment);
    const day = at.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
    return new Intl.DateTimeFormat(given, { ...day, hour: "2-digit", minute: "2-digit" }).format(at);
  };

  function card({ seq, subject, text, created_at, notable }) {
    const head = make("span", { id: `s${seq}` }, subject);
    const button = make("button", { type: "button", "aria-describedby": head.id }, seen);
    button.addEventListener("click", () => {
      const next = [...cards.keys()].filter((one) => one !== seq).pop();
      acknowledge(seq);
      cards.get(next)?.lastChild.focus();
    });
    const time = make("time", { datetime: created_at }, clock(created_at));
    return make("li", notable ? { class: "notable" } : {}, make("header", {}, head, time), make("p", {}, text), button);
  }

  function render() {
    const held = root.activeElement;
    for (const [seq, element] of cards) {
      if (open.has(seq)) continue;
      element.remove();
      cards.delete(seq);
    }
    for (const [seq, message] of open) {
      if (cards.has(seq)) continue;
      cards.set(seq, card(message));
      list.prepend(cards.get(seq));
      // The focus goes from an older message to the newer one.
      if (held && !held.isConnected) cards.get(seq).lastChild.focus();
    }
    const since = connected || Date.now() - alive < GRACE ? "" : gone.replace("{time}", clock(alive));
    if (lost.textContent !== since) lost.textContent = calm.textContent = since;
    panel.hidden = !open.size && !since && !offer.dataset.asks;
    speak();
  }

  // The highest number that was on the screen of any tab.
  const shown = (seq) => {
    try {
      if (seq !== undefined) localStorage.setItem(`outage ${box}`, seq);
      return Number(localStorage.getItem(`outage ${box}`));
    } catch {
      return (shown.here = seq ?? shown.here ?? 0);
    }
  };

  function speak() {
    if (document.visibilityState !== "visible" || !box) return;
    const last = shown();
    for (const { seq, notable, subject, text } of open.values()) {
      if (seq <= last) continue;
      (notable ? urgent : calm).textContent = `${subject}. ${text}`;
      shown(seq);
      later(() => report(seq, "shown"), SPREAD);
    }
  }

  async function report(seq, what) {
    try {
      const url = `${base}messages/${seq}/${what}?ticket=${encodeURIComponent(await enter())}`;
      const { ok, status } = await fetch(url, { method: "POST", keepalive: true });
      return ok || status === 404;
    } catch {
      return false;
    }
  }

  function acknowledge(seq) {
    open.delete(seq);
    tell({ done: seq });
    owed.add(seq);
    render();
    settle();
  }

  async function settle() {
    for (const seq of owed) if (await report(seq, "read")) owed.delete(seq);
  }

  // What the server tells

  function take(messages) {
    for (const message of messages) {
      const { seq, thread } = message;
      place = Math.max(place, seq);
      for (const older of open.values()) if (thread && older.thread === thread && older.seq < seq) open.delete(older.seq);
      if (!message.read && !owed.has(seq)) open.set(seq, message);
    }
    render();
  }

  function live() {
    alive = Date.now();
    tell({ beat: (connected = true) });
  }

  // A ticket from the page's own server. When somebody else is logged in, or nobody, the next page sees to it.
  async function enter() {
    if (ticket && Date.now() < until) return ticket;
    const headers = { Accept: "application/json" };
    const answer = await fetch(me.dataset.ticketUrl, { credentials: "same-origin", cache: "no-store", headers });
    const nobody = [204, 401, 403, 404].includes(answer.status);
    const fresh = nobody ? "" : (await answer.json()).ticket;
    const claims = nobody ? {} : JSON.parse(atob(fresh.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
    if (nobody || (box && claims.box !== box)) {
      end();
      throw new Error("nobody");
    }
    [ticket, until, box] = [fresh, claims.exp * 1000 - 30000, claims.box];
    return ticket;
  }

  function end() {
    leading = false;
    host.remove();
    source?.close();
    channel?.close();
    clearTimeout(retry);
    clearInterval(ticking);
  }

  async function connect() {
    retry = 0;
    const held = await enter().catch(() => {});
    if (!held) return again();
    if (!leading || source) return;
    const stream = new EventSource(`${base}stream?ticket=${encodeURIComponent(held)}&last_event_id=${place}`);
    const on = (name, act) => stream.addEventListener(name, (event) => stream === source && act(event));
    source = stream;
    replay = [];
    on("open", () => {
      tries = 0;
      live();
      render();
      settle();
    });
    on("error", () => {
      if (stream.readyState === EventSource.CLOSED) ticket = ""; // refused
      again();
    });
    on("heartbeat", live);
    on("message", ({ data }) => {
      const message = JSON.parse(data);
      live();
      replay ? replay.push(message) : news([message]);
    });
    on("ready", () => {
      news(replay);
      replay = undefined;
    });
    on("resync", ({ data }) => {
      if (JSON.parse(data).after) return;
      place = shown(0); // another ledger
      open.clear();
    });
  }

  function news(messages) {
    take(messages);
    if (messages.length) tell({ messages });
  }

  function again(next) {
    source?.close();
    source = undefined;
    connected = false;
    if (leading || next) retry ||= later(next ?? connect, Math.min(LONGEST, 1000 * 2 ** tries++));
  }

  // The other tabs

  const tell = (what) => channel?.postMessage(what);

  function hear({ data: { ask, done, beat = connected, at = 0, messages } }) {
    if (ask && leading) tell({ beat, at: place, messages: [...open.values()] });
    if (done && open.delete(done)) render();
    if (leading) return;
    heard = Date.now();
    connected = beat;
    if (beat) alive = heard;
    place = Math.max(place, at);
    if (messages) take(messages);
  }

  function lead(steal) {
    if (!navigator.locks || !channel) {
      leading = true;
      return connect();
    }
    const held = () => {
      leading = true;
      connect();
      return new Promise(() => {}); // until the page is gone
    };
    return navigator.locks.request(`outage ${base} ${box}`, { steal }, held).catch(() => {
      leading = false; // this tab stood still, and another took it
      again();
      lead(false);
    });
  }

  function tick() {
    const now = Date.now();
    if (leading && source && now - alive > SILENT) again();
    if (leading && !connected) tell({ beat: false });
    if (!leading && now - heard > SILENT && document.visibilityState === "visible") {
      heard = now;
      lead(true);
    }
    render();
  }

  async function begin() {
    retry = 0;
    await enter().catch(({ message }) => message === "nobody" || again(begin));
    if (!box) return;
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(await (await fetch(`${base}widget.css`)).text());
      root.adoptedStyleSheets = [sheet];
    } catch { /* plain, but readable */ }
    document.body.append(host);
    if (window.BroadcastChannel) {
      channel = new BroadcastChannel(`outage ${base} ${box}`);
      channel.onmessage = hear;
      tell({ ask: true });
    }
    tries = 0;
    ticking = setInterval(tick, 2000);
    document.addEventListener("visibilitychange", () => {
      heard -= SILENT - 4000; // phones let other tabs stand still: is the one with the stream alive?
      tell({ ask: true });
      speak();
    });
    lead(false);
    if (me.dataset.push) {
      const push = await import(`${base}push.js`);
      push.offer({ area: offer, base, lang, box, enter, make, changed: render, worker: me.dataset.push });
    }
  }

  begin();
})();
