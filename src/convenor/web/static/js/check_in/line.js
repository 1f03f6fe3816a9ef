// The line to the server: what waits is sent in the order in which it was scanned, each with its uid, so that sending
// twice counts once; what others do is fetched every few seconds.
import { all, drop } from "./store.js";

const MOST = 100;
const PATIENCE = 4000;

export class Line {
  constructor(config, device) {
    this.config = config;
    this.device = device;
    this.isUp = navigator.onLine;
    this.isSignedOut = false;
    this.sending = null;
  }

  /** Sends all that waits for this door; the answers by uid, null where nothing could be sent. One at a time. */
  send() {
    this.sending = (this.sending ?? Promise.resolve()).catch(() => null).then(() => this.sendNow());
    return this.sending;
  }

  async sendNow() {
    const answers = new Map();
    for (;;) {
      const waiting = (await all("queue")).filter((each) => each.roll === this.config.roll && !answers.has(each.uid));
      waiting.sort((a, b) => a.at.localeCompare(b.at));
      const batch = waiting.slice(0, MOST);
      if (!batch.length) return answers;
      const body = JSON.stringify({ device: this.device, sent_at: new Date().toISOString(), scans: batch });
      const answer = await this.ask(this.config.urls.send, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      if (!answer) return answers.size ? answers : null;
      if (!answer.results) return { refused: answer.sentence };
      for (const each of answer.results) answers.set(each.uid, { ...each, item: batch.find(({ uid }) => uid === each.uid) });
      await drop("queue", answer.results.map((each) => each.uid));
    }
  }

  news(cursor) {
    return this.ask(`${this.config.urls.news}?after=${cursor}`);
  }

  people() {
    return this.ask(this.config.urls.people);
  }

  /** The answer's JSON; null where the server can't be reached, or doesn't know us any more. */
  async ask(url, options = {}) {
    try {
      const headers = { Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf, ...options.headers };
      const response = await fetch(url, { credentials: "same-origin", ...options, headers, signal: AbortSignal.timeout(PATIENCE) });
      this.isSignedOut = response.redirected || response.status === 401 || response.status === 403;
      const isJson = response.headers.get("Content-Type")?.includes("json");
      this.isUp = response.status < 500;
      if (!isJson || !this.isUp) return null;
      const data = await response.json();
      if (data.csrf) document.body.dataset.csrf = data.csrf;
      return data;
    } catch {
      this.isUp = false;
      return null;
    }
  }
}
