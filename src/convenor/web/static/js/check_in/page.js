// The door's page: scan, search, walk in, with or without a network. Without this module the same is done by forms.
import { debounced, element, filled, icon } from "../dom.js";
import { Book, codeIn } from "./book.js";
import { Camera, prepare } from "./camera.js";
import { Line } from "./line.js";
import { signal, wake } from "./signal.js";
import { WAITING, all, drop, get, put, tidy } from "./store.js";

const config = JSON.parse(document.getElementById("check-in-config")?.textContent ?? "null");
const POLL = 5000;
const WHOLE_EVERY = 120_000;
const MOST_FOUND = 20;
const MOST_LAST = 8;
const BAD = ["refused", "full", "unknown", "elsewhere", "no_seat", "problem"];
const ICONS = { ok: "circle-check", warning: "triangle-alert", danger: "circle-x" };
const part = (name) => document.querySelector(`[data-check-in="${name}"]`);
const book = new Book();
const state = { cursor: 0, wholeAt: 0, mine: [], last: [], server: null };
let line;
let camera;

if (config) start();

async function start() {
  line = new Line(config, deviceName());
  await tidy(config.user, Date.now()).catch(() => null);
  const kept = await get("doors", config.roll).catch(() => null);
  if (kept) {
    book.replace(kept.people);
    state.cursor = kept.cursor;
  }
  await replay();
  listen();
  await showTroubles();
  if (Date.parse(config.until) > Date.parse(config.now)) keepPage();
  for (;;) {
    await look();
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}

/** A name that stays with the device, so that the list of the last scans says at which door it was. */
function deviceName() {
  const name = localStorage.getItem("check-in-device") ?? crypto.getRandomValues(new Uint16Array(1))[0].toString(36).toUpperCase();
  localStorage.setItem("check-in-device", name);
  return name;
}

async function replay() {
  for (const item of (await waiting()).sort((a, b) => a.at.localeCompare(b.at))) book.apply(item);
}

async function waiting() {
  return (await all("queue")).filter((each) => each.roll === config.roll);
}

async function look() {
  if ((await waiting()).length) await flush();
  const isWhole = !state.wholeAt || Date.now() - state.wholeAt > WHOLE_EVERY;
  if (isWhole) await fetchWhole();
  const news = await line.news(state.cursor);
  if (news) {
    if (news.people === null) await fetchWhole();
    else book.merge(news.people);
    Object.assign(state, { cursor: news.cursor, last: news.last, server: news.counts });
    const mine = book.counts();
    // Somebody registered or cancelled: the list is not what it was
    if (mine.came !== news.counts.came || mine.expected !== news.counts.expected) state.wholeAt = 0;
    if (news.people?.length) {
      await keepBook();
      await replay();
    }
  }
  await showStanding();
}

async function fetchWhole() {
  const data = await line.people();
  if (!data?.people) return;
  book.replace(data.people);
  Object.assign(state, { cursor: data.cursor, wholeAt: Date.now() });
  await keepBook();
  await replay();
}

function keepBook() {
  return put("doors", { roll: config.roll, user: config.user, until: config.until, people: book.rows(), cursor: state.cursor }).catch(() => null);
}

/** Everything that happens at the door goes this way: kept first, then sent, then answered by the server or the list. */
async function take(given) {
  const item = { uid: crypto.randomUUID(), roll: config.roll, until: config.until, at: new Date().toISOString(), kind: mode(), lets_in: false, ...given };
  const local = item.kind === "walk_in" ? walkedIn(item) : book.decide(item);
  await put("queue", { ...item, shown: local.outcome });
  const answers = line.isUp || navigator.onLine ? await flush(item.uid) : null;
  const answer = answers?.get?.(item.uid);
  if (answer) return show(answer, item);
  if (answers?.refused) return stop(answers.refused, item);
  if (!local.counts) await drop("queue", [item.uid]);
  else if (item.kind !== "walk_in") book.apply(item);
  show(local, item, local.counts);
  await showStanding();
}

function walkedIn(item) {
  return { uid: item.uid, outcome: "in", name: item.name, organisation: item.organisation, counts: true };
}

/** Sends what waits. Answers to what was shown as done, and isn't, are kept until somebody has seen them. */
async function flush(mine = "") {
  const answers = await line.send();
  if (!(answers instanceof Map)) return answers;
  for (const answer of answers.values()) {
    if (!book.settle(answer)) state.wholeAt = 0;
    const wasDone = answer.uid !== mine && !BAD.includes(answer.item.shown);
    if (wasDone && BAD.includes(answer.outcome)) await put("troubles", { ...answer, until: config.until, roll: config.roll });
  }
  if (answers.size) await keepBook();
  await showTroubles();
  await showStanding();
  return answers;
}

async function stop(sentence, item) {
  await drop("queue", [item.uid]);
  show({ uid: item.uid, outcome: "problem", sentence, name: item.name ?? "" }, item);
}

function mode() {
  return document.querySelector("[data-check-in-mode]:checked")?.value ?? "in";
}

// What is seen

function words(answer) {
  if (answer.outcome === "problem") return [config.text.problem, answer.sentence ?? "", "danger"];
  const [title, detail, tone] = config.words[`refused.${answer.state}`] && answer.outcome === "refused" ? config.words[`refused.${answer.state}`] : config.words[answer.outcome] ?? config.words.unknown;
  const since = answer.since ? clock(new Date(answer.since)) : "";
  const isKnown = (!detail.includes("{since}") || since) && (!detail.includes("{instead}") || answer.instead);
  return [title, [isKnown ? filled(detail, { since, instead: answer.instead }) : "", room(answer)].filter(Boolean).join(" "), tone];
}

function room(answer) {
  if (!["refused", "no_seat", "full"].includes(answer.outcome) || answer.state === "offered") return "";
  if (!answer.may_let_in) return config.room.none;
  if (answer.free === null || answer.free === undefined) return answer.item ? config.room.unlimited : "";
  return filled(config.room.free, { free: answer.free });
}

function clock(at) {
  return at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: config.timeZone });
}

function show(answer, item, isKept = false) {
  const [title, detail, tone] = words(answer);
  const isUnknownHere = answer.outcome === "unknown" && !answer.item;
  const box = part("answer");
  box.className = `check-in-answer tone-${tone}`;
  box.replaceChildren(
    icon(ICONS[tone]),
    element("div", { class: "check-in-said" },
      element("p", { class: "check-in-title" }, title),
      answer.name ? element("p", { class: "check-in-name" }, answer.name, answer.organisation ? element("span", { class: "secondary" }, ` ${answer.organisation}`) : null) : null,
      element("p", {}, isUnknownHere ? config.text.unknownHere : detail),
      isKept ? element("p", { class: "secondary" }, icon("wifi-off"), " ", config.text.kept) : null),
    element("div", { class: "cluster" }, ...deeds(answer, item, isUnknownHere)),
  );
  box.hidden = false;
  signal(tone);
  if (!BAD.includes(answer.outcome)) state.mine = [{ name: answer.name, kind: item.kind === "walk_in" ? "in" : item.kind, at: item.at, device: line.device }, ...state.mine].slice(0, MOST_LAST);
  showLast();
}

function deeds(answer, item, isUnknownHere) {
  const who = { code: item.code, id: answer.id ?? item.id };
  const found = [];
  if (["in", "out"].includes(answer.outcome)) found.push(button(config.text.undo, "undo-2", () => take({ ...who, kind: "undo", undoes: item.uid })));
  if (answer.may_let_in || isUnknownHere) found.push(button(config.text.letIn, "user-check", () => take({ ...who, kind: "in", lets_in: true }), "button-primary"));
  return found;
}

function button(label, picture, run, kind = "") {
  const made = element("button", { type: "button", class: `button ${kind}` }, icon(picture), label);
  made.addEventListener("click", () => {
    made.disabled = true;
    run();
  });
  return made;
}

async function showStanding() {
  const items = await waiting();
  localStorage.setItem(WAITING, (await all("queue")).length);
  const counts = book.counts();
  part("came").textContent = counts.came;
  part("expected").textContent = counts.expected;
  part("inside").textContent = counts.inside;
  const free = part("free");
  if (free && state.server) free.textContent = state.server.free ?? "–";
  const note = part("waiting");
  note.hidden = !items.length;
  note.textContent = filled(config.text.waiting, { n: items.length });
  const offline = part("offline");
  offline.hidden = line.isUp && !line.isSignedOut;
  const text = line.isSignedOut ? filled(config.text.signedOut, { n: items.length }) : config.text.offline;
  offline.replaceChildren(icon("wifi-off"), element("span", {}, text), line.isSignedOut ? element("a", { href: config.urls.signIn }, config.text.signIn) : "");
  showLast();
}

function showLast() {
  const items = line.isUp && state.last.length ? state.last : [...state.mine, ...state.last].slice(0, MOST_LAST);
  part("last").replaceChildren(...items.map((each) => element("li", { class: "row" },
    element("span", { class: "row-time" }, clock(new Date(each.at))),
    element("span", { class: "row-main" }, each.name ?? ""),
    element("span", { class: "row-end secondary" }, [config.text[each.kind === "undo" ? "back" : each.kind], each.device].filter(Boolean).join(" · ")))));
}

async function showTroubles() {
  const troubles = (await all("troubles")).filter((each) => each.roll === config.roll);
  const list = part("troubles");
  list.closest("section").hidden = !troubles.length;
  list.replaceChildren(...troubles.map((each) => {
    const [title, detail] = words(each);
    const seen = async (again) => {
      await drop("troubles", [each.uid]);
      await showTroubles();
      if (again) take({ id: each.id, code: each.item.code, kind: "in", lets_in: true, at: each.item.at });
    };
    return element("li", { class: "row" },
      element("div", { class: "row-main" }, element("strong", {}, `${each.name || each.item.code || ""} ${clock(new Date(each.item.at))}`), element("p", { class: "secondary" }, `${title}. ${detail}`)),
      element("div", { class: "cluster" }, each.may_let_in ? button(config.text.letIn, "user-check", () => seen(true)) : null, button(config.text.dismiss, "check", () => seen(false))));
  }));
}

function showFound(text) {
  const list = part("found");
  const found = text.trim() ? book.found(text, MOST_FOUND) : [];
  list.replaceChildren(...found.map(line_of));
  part("nobody").hidden = !text.trim() || found.length > 0;
}

function line_of(person) {
  const isIn = book.isIn(person, Date.now() / 1000);
  const isExpected = ["confirmed", "held", "checked_in"].includes(person.state);
  const label = isIn ? config.text.checkOut : isExpected ? config.text.checkIn : config.text.letIn;
  const run = () => take({ id: person.id, kind: isIn ? "out" : "in", lets_in: !isExpected }).then(() => {
    part("search").value = "";
    showFound("");
  });
  return element("li", { class: "row" },
    element("div", { class: "row-main" }, element("strong", {}, person.name), element("p", { class: "row-sub" }, [person.organisation, config.states[person.state] ?? config.text.notHere].filter(Boolean).join(" · "))),
    button(label, isIn ? "log-out" : "user-check", run, isExpected && !isIn ? "button-primary" : ""));
}

// What is done

function listen() {
  const search = part("search");
  search.addEventListener("input", debounced(60, () => showFound(search.value)));
  search.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = codeIn(search.value);
    const found = book.found(search.value, 2);
    const isCode = (found.length === 1 && found[0].code === code) || (!found.length && code.length >= 10 && /\d/.test(code));
    if (isCode) {
      take({ code });
      search.value = "";
    }
    showFound(search.value);
  });
  part("walk-in").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const value = (name) => form.elements[name].value.trim();
    take({ kind: "walk_in", name: value("name"), organisation: value("organisation"), email: value("email") });
    form.reset();
    form.closest("details").open = false;
  });
  document.addEventListener("pointerdown", wake, { once: true });
  addEventListener("online", () => look());
  addEventListener("offline", () => {
    line.isUp = false;
    showStanding();
  });
  listenToCamera();
}

function listenToCamera() {
  const video = part("video");
  const toggle = part("camera");
  const label = toggle.querySelector("span");
  camera = new Camera(video, (text) => take({ code: codeIn(text) }));
  toggle.addEventListener("click", async () => {
    wake();
    if (camera.isOn) camera.stop();
    else {
      label.textContent = config.text.starting;
      await camera.start().catch((error) => {
        camera.stop();
        show({ outcome: "problem", sentence: filled(config.text.camera, { why: error.message || config.text.noCamera }) }, {});
      });
    }
    video.hidden = !camera.isOn;
    label.textContent = camera.isOn ? config.text.stop : config.text.start;
  });
}

/** The page and its files, for when the network is gone. Browsers allow that over https only. */
async function keepPage() {
  await prepare();
  const worker = await navigator.serviceWorker?.register(config.urls.worker, { scope: config.urls.scope }).catch(() => null);
  if (!worker) return;
  await navigator.serviceWorker.ready.catch(() => null);
  const files = performance.getEntriesByType("resource").filter((each) => /^(script|css|link|other|img|use)$/.test(each.initiatorType)).map((each) => each.name);
  const mine = files.filter((each) => new URL(each).origin === location.origin && /\.(js|css|svg|woff2)$/.test(new URL(each).pathname) && !each.includes(config.urls.worker));
  worker.active?.postMessage({ keep: [location.href, ...new Set(mine)] });
}
