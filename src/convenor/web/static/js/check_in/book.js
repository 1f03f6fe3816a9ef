// The list of one door, and what a scan comes to by it. The server decides the same (attendance/rules/check_in.py) and has
// the last word; this is what the device says while nobody can be asked.
const STAY = 16 * 3600;
const EXPECTED = ["confirmed", "held"];

/** Lower case without marks, as base/folding.py: "Țurcanu" is found by "turcanu". */
export function folded(text) {
  return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
}

/** The code that was scanned or typed; a whole address stands for its last part. */
export function codeIn(text) {
  const last = text.trim().split("?")[0].split("#")[0].replace(/\/+$/, "").split("/").pop();
  return last.replace(/[^a-z0-9]/gi, "").toUpperCase().replaceAll("I", "1").replaceAll("L", "1").replaceAll("O", "0");
}

/** Everybody on the list as the server last said (`kept`), and as the scans that wait to be sent leave them. */
export class Book {
  constructor() {
    this.people = new Map();
    this.codes = new Map();
  }

  /** Rows as the server sends them: [key, code, name, organisation, state, in, out], times in seconds. */
  replace(rows) {
    this.people.clear();
    this.codes.clear();
    this.merge(rows);
  }

  merge(rows) {
    for (const [id, code, name, organisation, state, cameAt, leftAt] of rows) {
      const kept = { state, cameAt, leftAt };
      const person = { id, code, name, organisation, ...kept, kept, words: folded(`${name} ${organisation}`) };
      this.people.set(id, person);
      this.codes.set(code, person);
    }
  }

  rows() {
    return [...this.people.values()].map(({ id, code, name, organisation, kept }) => [id, code, name, organisation, kept.state, kept.cameAt, kept.leftAt]);
  }

  found(text, most) {
    const words = folded(text).split(/\s+/).filter(Boolean);
    const code = codeIn(text);
    const isMeant = (each) => each.code === code || words.every((word) => each.words.includes(word));
    const found = [];
    for (const each of this.people.values()) {
      if (isMeant(each)) found.push(each);
      if (found.length === most) break;
    }
    return found;
  }

  person(item) {
    return item.id ? this.people.get(item.id) : this.codes.get(item.code);
  }

  isIn(person, at) {
    return person.state === "checked_in" && !person.leftAt && (!person.cameAt || at - person.cameAt < STAY);
  }

  /** What the scan comes to, as the server would answer; `counts` says whether it changed the list. */
  decide(item) {
    const person = this.person(item);
    if (!person) return { uid: item.uid, outcome: "unknown", may_let_in: false, counts: item.lets_in };
    const at = Date.parse(item.at) / 1000;
    const said = { uid: item.uid, id: person.id, name: person.name, organisation: person.organisation, state: person.state };
    if (item.kind === "undo") return { ...said, outcome: "undone", counts: true };
    if (item.kind === "out") return { ...said, outcome: this.isIn(person, at) ? "out" : "not_in", counts: true };
    if (this.isIn(person, at)) return { ...said, outcome: "already", since: iso(person.cameAt), counts: true };
    if (item.lets_in || EXPECTED.includes(person.state) || person.state === "checked_in") return { ...said, outcome: "in", counts: true };
    // How many seats are free now only the server knows: whoever lets them in is told if there was none.
    return { ...said, outcome: person.state ? "refused" : "no_seat", may_let_in: true, free: null, counts: false };
  }

  /** Enters a scan that waits to be sent, so that the list and the counts know of it. */
  apply(item) {
    const person = this.person(item);
    if (!person) return;
    const at = Date.parse(item.at) / 1000;
    if (item.kind === "in" && this.decide(item).counts) {
      Object.assign(person, { state: "checked_in", cameAt: person.cameAt ?? at, leftAt: null });
    } else if (item.kind === "out" && this.isIn(person, at)) person.leftAt = at;
    else if (item.kind === "undo") Object.assign(person, { state: person.kept.state === "checked_in" ? "confirmed" : person.kept.state, cameAt: null, leftAt: null });
  }

  /** Enters the server's answer to a scan. False where the list doesn't say enough to do so. */
  settle(answer) {
    const person = this.people.get(answer.id);
    if (!person || answer.outcome === "undone") return false;
    const at = Math.round(Date.parse(answer.item.at) / 1000);
    if (answer.outcome === "in") person.kept = { state: "checked_in", cameAt: person.kept.cameAt ?? at, leftAt: null };
    else if (answer.outcome === "out") person.kept = { ...person.kept, leftAt: at };
    else if (["refused", "full"].includes(answer.outcome)) person.kept = { state: answer.state, cameAt: null, leftAt: null };
    Object.assign(person, person.kept);
    return true;
  }

  counts() {
    const found = { came: 0, expected: 0, inside: 0 };
    for (const { state, leftAt } of this.people.values()) {
      if (state === "checked_in") found.came += 1;
      if (state === "checked_in" && !leftAt) found.inside += 1;
      if (state === "checked_in" || EXPECTED.includes(state)) found.expected += 1;
    }
    return found;
  }
}

function iso(seconds) {
  return seconds ? new Date(seconds * 1000).toISOString() : null;
}
