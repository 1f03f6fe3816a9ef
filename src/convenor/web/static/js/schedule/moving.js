// Moving and resizing: a live answer beside the pointer, then the move itself, which the server may refuse.
// Knows nothing of what is dragged on; the calendar and the timeline tell it where things are.
import { debounced, element, fetchJson, icon } from "../dom.js";
import { toast } from "../toast.js";

const ASK_MILLISECONDS = 120;
const CLICK_MILLISECONDS = 250;
const CHIP_GAP = 18;
const OK = 200;

export class Moving {
  constructor(config, changed) {
    Object.assign(this, { config, changed });
    this.chip = element("div", { class: "fit-chip", role: "status", hidden: true });
    document.body.append(this.chip);
    this.ask = debounced(ASK_MILLISECONDS, (candidate) => this.answer(candidate));
    document.addEventListener("pointermove", (event) => this.follow(event), { passive: true });
    document.addEventListener("click", (event) => this.swallowClick(event), true);
  }

  begin(pointer) {
    this.answers = new Map();
    this.asked = undefined;
    this.dragging = true;
    if (pointer) this.follow(pointer);
  }

  /** A new place on the way: {id, version, start, end, resource, from_resource, by}. */
  consider(candidate) {
    const key = JSON.stringify(candidate);
    if (!this.dragging || key === this.asked) return;
    this.asked = key;
    const known = this.answers.get(key);
    this.show(known ?? null);
    if (!known) this.ask(candidate);
  }

  finish() {
    this.dragging = false;
    this.stopped = performance.now();
    this.ask.cancel();
    this.chip.hidden = true;
    delete document.documentElement.dataset.fits;
  }

  async answer(candidate) {
    const key = JSON.stringify(candidate);
    const url = new URL(this.config.fitUrl, location.href);
    for (const [name, value] of Object.entries(candidate)) url.searchParams.set(name, value);
    const { data } = await fetchJson(url).catch(() => ({ data: null }));
    if (!data || !this.dragging) return;
    this.answers.set(key, data);
    if (this.asked === key) this.show(data);
  }

  show(answer) {
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
    if (performance.now() - (this.stopped ?? -CLICK_MILLISECONDS) > CLICK_MILLISECONDS || !event.target.closest?.(".schedule")) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Sends a move; back is the way home for Undo (null: none), revert puts the picture back. */
  async send(move, back, revert) {
    const options = { method: "POST", body: JSON.stringify(move), headers: { "Content-Type": "application/json" } };
    const { status, data } = await fetchJson(this.config.moveUrl, options).catch(() => ({ status: 0, data: null }));
    if (status === OK && data) this.moved(data, back);
    else {
      revert();
      toast("error", [data?.sentence ?? this.config.text.failed, ...(data?.reasons ?? [])].join(" "), data?.links ?? []);
    }
    // Refused or not, somebody may have changed it meanwhile: show what is true now.
    this.changed();
  }

  moved(data, back) {
    const undo = { label: this.config.text.undo, run: () => this.send({ ...back, version: data.version }, null, () => {}) };
    toast("success", data.sentence, [...(back ? [undo] : []), ...(data.links ?? [])]);
  }
}
