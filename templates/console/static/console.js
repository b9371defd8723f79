// Keeps the live parts of a page fresh and says how old they are. Without it the pages work all the same.

const page = document.documentElement;
const zone = page.dataset.zone;
const said = document.getElementById("said");
let ahead = Date.parse(page.dataset.now) - Date.now(); // how far the server's clock is before this one

const now = () => Date.now() + ahead;
const clock = new Intl.DateTimeFormat("en-US", {
  timeZone: zone, hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "short",
});

function span(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} days`;
}

const forms = {
  ago: (moment) => `${span(now() - moment)} ago`,
  age: (moment) => span(now() - moment),
  left: (moment) => (moment > now() ? `in ${span(moment - now())}` : `overdue by ${span(now() - moment)}`),
};

function tick() {
  for (const [name, write] of Object.entries(forms)) {
    for (const element of document.querySelectorAll(`[data-${name}]`)) {
      const text = write(Date.parse(element.dataset[name]));
      if (element.textContent !== text) element.textContent = text;
    }
  }
}

let spoken = "";
let spokenAt = 0;

// Screen readers hear a change at most every 15 seconds, trouble at once.
function speak(text, urgent = false) {
  if (!text || text === spoken || (!urgent && Date.now() - spokenAt < 15000)) return;
  spoken = text;
  spokenAt = Date.now();
  said.textContent = text;
}

class Live {
  constructor(element) {
    this.element = element;
    this.body = element.querySelector("[data-body]");
    this.shown = element.querySelector("[data-asof]");
    this.every = Number(element.dataset.every);
    this.tag = element.dataset.etag;
    this.asOf = Date.parse(element.querySelector("time").dateTime);
    this.failing = null;
    spoken ||= this.summary();
    element.classList.add("running");
    this.timer = setTimeout(() => this.run(), this.every);
  }

  summary() {
    return this.body.querySelector("[data-summary]")?.dataset.summary ?? "";
  }

  async run() {
    clearTimeout(this.timer);
    if (!document.hidden) await this.refresh();
    const wait = this.failing ? Math.max(this.every, 2000) : this.every;
    this.timer = setTimeout(() => this.run(), wait);
  }

  async refresh() {
    try {
      const answer = await fetch(this.element.dataset.live, {
        headers: { "If-None-Match": this.tag, "X-Fragment": "1" },
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(5000),
      });
      if (answer.status === 401) return this.stale("your session has ended; reload the page to log in again");
      if (!answer.ok && answer.status !== 304) {
        return this.stale(answer.status === 503 ? "the ledger cannot be reached" : `the server answered ${answer.status}`);
      }
      if (answer.status !== 304) {
        const text = await answer.text();
        this.tag = answer.headers.get("ETag");
        this.replace(text);
      }
      ahead = Date.parse(answer.headers.get("X-Now")) - Date.now();
      this.asOf = Date.parse(answer.headers.get("X-As-Of"));
      this.fresh();
    } catch {
      this.stale("the server does not answer");
    }
  }

  // Where somebody has tabbed to and what they have opened stays so.
  replace(text) {
    const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
    const mark = focused?.id ? `#${CSS.escape(focused.id)}` : focused?.getAttribute("href") && `a[href="${CSS.escape(focused.getAttribute("href"))}"]`;
    const open = [...this.body.querySelectorAll("details[open][id]")].map((one) => one.id);
    this.body.innerHTML = text;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (mark) this.body.querySelector(mark)?.focus({ preventScroll: true });
    tick();
  }

  fresh() {
    const back = this.failing !== null;
    this.failing = null;
    this.element.classList.remove("stale");
    this.shown.textContent = `As of ${clock.format(this.asOf)}`;
    speak(back ? "The page is being refreshed again." : this.summary(), back);
  }

  stale(why) {
    this.failing ??= now();
    this.element.classList.add("stale");
    this.shown.textContent = `As of ${clock.format(this.asOf)}; cannot be refreshed since ${clock.format(this.failing)}: ${why}`;
    speak(`This page cannot be refreshed: ${why}.`, true);
  }
}

const parts = [...document.querySelectorAll("[data-live]")].map((element) => new Live(element));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const part of parts) part.run();
});
tick();
setInterval(tick, 1000);
