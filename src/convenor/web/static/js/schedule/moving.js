// Dragging and resizing: a live answer beside the pointer, then the move itself, which the server may refuse.
import { debounced, element, fetchJson, icon } from "../dom.js";
import { toast } from "../toast.js";
import { wallText } from "./entries.js";

const ASK_MILLISECONDS = 120;
const CLICK_MILLISECONDS = 250;
const CHIP_GAP = 18;
const OK = 200;

export class Moving {
  constructor(config, { by, changed, hold }) {
    Object.assign(this, { config, by, changed, hold });
    this.chip = element("div", { class: "fit-chip", role: "status", hidden: true });
    document.body.append(this.chip);
    this.ask = debounced(ASK_MILLISECONDS, (candidate) => this.answer(candidate));
    document.addEventListener("pointermove", (event) => this.follow(event), { passive: true });
    document.addEventListener("click", (event) => this.swallowClick(event), true);
  }

  /** The calendar's options for everything that can be moved. */
  options() {
    return {
      editable: true,
      eventStartEditable: true,
      eventResizableFromStart: true,
      eventDragStart: (info) => this.begin(info),
      eventResizeStart: (info) => this.begin(info),
      eventDragStop: () => this.finish(),
      eventResizeStop: () => this.finish(),
      dragConstraint: (info) => this.allows(info),
      resizeConstraint: (info) => this.allows(info),
      eventDrop: (info) => this.drop(info),
      eventResize: (info) => this.drop(info),
    };
  }

  begin({ jsEvent }) {
    this.answers = new Map();
    this.dragging = true;
    this.hold(true);
    if (jsEvent) this.follow(jsEvent);
  }

  finish() {
    this.dragging = false;
    this.stopped = performance.now();
    this.ask.cancel();
    this.chip.hidden = true;
    delete document.documentElement.dataset.fits;
    this.hold(false);
  }

  // Asked by the calendar for every place on the way. Only what can't be is refused here; the rest is the server's.
  allows(info) {
    const target = info.newResource;
    if (target?.extendedProps.isGroup) return false;
    if (this.by() === "person" && target && target.id !== info.oldResource?.id) return false;
    const candidate = this.request(info.event, target?.id ?? info.event.resourceIds[0], info.oldResource?.id ?? info.event.resourceIds[0]);
    const key = JSON.stringify(candidate);
    if (key !== this.asked) {
      this.asked = key;
      const known = this.answers?.get(key);
      this.show(known ?? null);
      if (!known) this.ask(candidate);
    }
    return true;
  }

  request(event, resource, fromResource) {
    const { id, version } = event.extendedProps;
    return { id, version, start: wallText(event.start), end: wallText(event.end), resource: resource ?? "", from_resource: fromResource ?? "", by: this.by() };
  }

  async answer(candidate) {
    const key = JSON.stringify(candidate);
    const url = new URL(this.config.fitUrl, location.href);
    for (const [name, value] of Object.entries(candidate)) url.searchParams.set(name, value);
    const { data } = await fetchJson(url).catch(() => ({ data: null }));
    if (!data) return;
    this.answers?.set(key, data);
    if (this.dragging && this.asked === key) this.show(data);
  }

  show(answer) {
    if (!this.dragging) return;
    const state = answer ? (answer.fits ? "yes" : "no") : "asking";
    this.chip.dataset.fits = document.documentElement.dataset.fits = state;
    const head = answer ? element("strong", {}, icon(answer.fits ? "circle-check" : "circle-x"), answer.sentence) : element("strong", {}, this.config.text.checking);
    const reasons = (answer?.reasons ?? []).map((reason) => element("li", {}, reason));
    this.chip.replaceChildren(head, ...(reasons.length ? [element("ul", {}, ...reasons)] : []));
    this.chip.hidden = false;
  }

  follow(event) {
    if (!this.dragging) return;
    const { offsetWidth, offsetHeight } = this.chip;
    const x = Math.min(event.clientX + CHIP_GAP, innerWidth - offsetWidth - CHIP_GAP);
    const below = event.clientY + CHIP_GAP;
    const y = below + offsetHeight > innerHeight ? event.clientY - offsetHeight - CHIP_GAP : below;
    this.chip.style.translate = `${Math.max(x, 0)}px ${Math.max(y, 0)}px`;
  }

  // The link inside an event must not be followed at the end of a drag.
  swallowClick(event) {
    if (performance.now() - (this.stopped ?? -CLICK_MILLISECONDS) > CLICK_MILLISECONDS || !event.target.closest?.(".ec-event")) return;
    event.preventDefault();
    event.stopPropagation();
  }

  async drop(info) {
    const to = info.newResource?.id ?? info.event.resourceIds[0];
    const from = info.oldResource?.id ?? info.oldEvent.resourceIds[0];
    const back = this.request(info.oldEvent, from, to);
    await this.send(this.request(info.event, to, from), back, info.revert);
  }

  async send(body, back, revert) {
    const options = { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    const { status, data } = await fetchJson(this.config.moveUrl, options).catch(() => ({ status: 0, data: null }));
    if (status === OK && data) return this.moved(data, back);
    revert();
    toast("error", [data?.sentence ?? this.config.text.failed, ...(data?.reasons ?? [])].join(" "), data?.links ?? []);
    // Somebody may have changed it meanwhile: show what is true now.
    return this.changed();
  }

  moved(data, back) {
    const undo = { label: this.config.text.undo, run: () => this.send({ ...back, version: data.version }, null, () => {}) };
    toast("success", data.sentence, [...(back ? [undo] : []), ...(data.links ?? [])]);
    this.changed();
  }
}
