// A timeline of 200 rows draws only the events of the rows near the window: the rest wait here.
const NEAR = "700px 0px";

export class Rows {
  constructor(calendar) {
    this.calendar = calendar;
    this.byRow = new Map();
    this.drawn = new Set();
    this.heads = new WeakMap();
    this.pending = new Set();
  }

  /** New events for all rows; only near ones reach the calendar. */
  put(events) {
    this.byRow = new Map();
    for (const event of events) {
      const row = event.resourceIds[0];
      if (!this.byRow.has(row)) this.byRow.set(row, []);
      this.byRow.get(row).push(event);
    }
    this.calendar.setOption("events", [...this.drawn].flatMap((row) => this.byRow.get(row) ?? []));
  }

  /** A row's head came into the document. */
  watch(id, label) {
    const head = label.closest(".ec-row-head");
    const main = label.closest(".ec-main");
    if (!head || !main) return;
    if (this.main !== main) this.restart(main);
    this.heads.set(head, id);
    this.observer.observe(head);
  }

  restart(main) {
    this.stop();
    this.main = main;
    this.observer = new IntersectionObserver((entries) => this.seen(entries), { root: main, rootMargin: NEAR });
  }

  stop() {
    this.observer?.disconnect();
    this.observer = this.main = undefined;
    this.drawn.clear();
  }

  seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const id = this.heads.get(target);
      if (isIntersecting) this.draw(id);
      else if (target.isConnected) this.drop(id, target);
    }
  }

  draw(id) {
    if (this.drawn.has(id)) return;
    this.drawn.add(id);
    for (const event of this.byRow.get(id) ?? []) this.calendar.addEvent(event);
  }

  // While something is dragged nothing may vanish: it could be the very thing.
  drop(id, head) {
    if (!this.drawn.has(id) || this.held) return;
    // The row keeps the height that its events gave it, or the page would jump.
    head.style.minBlockSize = `${head.offsetHeight}px`;
    this.drawn.delete(id);
    for (const event of this.byRow.get(id) ?? []) this.calendar.removeEventById(event.id);
  }

  hold(on) {
    this.held = on;
  }
}
