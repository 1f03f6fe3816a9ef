// Several people or rooms in one field, over a plain <select multiple data-combobox> or <input data-combobox>
// with e-mails and commas. data-source answers ?q= with [{value, label, hint}]. ARIA combobox with a listbox popup.
import { debounced, element, fetchJson, filled, icon } from "./dom.js";

const WAIT_MILLISECONDS = 160;
const MOST_SHOWN = 12;
let serial = 0;

export function startComboboxes(part) {
  for (const plain of part.querySelectorAll("[data-combobox]:not([data-enhanced])")) {
    plain.dataset.enhanced = "yes";
    new Combobox(plain);
  }
}

class Combobox {
  constructor(plain) {
    this.plain = plain;
    this.single = plain instanceof HTMLSelectElement && !plain.multiple;
    this.options = [];
    this.labels = JSON.parse(plain.dataset.labels ?? "{}");
    this.active = -1;
    this.build(`combobox-${++serial}`);
    this.listen();
    this.drawChips();
  }

  build(id) {
    const { plain } = this;
    this.list = element("ul", { class: "listbox", role: "listbox", id: `${id}-list`, "aria-label": document.body.dataset.textSuggestions, "aria-multiselectable": !this.single && "true", hidden: true });
    this.input = element("input", {
      type: "text", role: "combobox", id: plain.id, autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": this.list.id, placeholder: plain.dataset.placeholder,
      "aria-describedby": plain.getAttribute("aria-describedby"), "aria-invalid": plain.getAttribute("aria-invalid"),
    });
    this.status = element("span", { class: "visually-hidden", role: "status" });
    this.box = element("div", { class: "combobox-box" }, this.input);
    // The label's "for" and a link to a wrong field now reach what can be focused.
    plain.id = `${plain.id}-plain`;
    plain.dataset.plain = "";
    plain.required = false;
    const shell = element("div", { class: "combobox" });
    plain.replaceWith(shell);
    shell.append(plain, this.box, this.list, this.status);
  }

  listen() {
    const ask = debounced(WAIT_MILLISECONDS, () => this.ask());
    this.input.addEventListener("input", (event) => {
      event.stopPropagation();
      this.point(-1); // an old answer's first option is not what is being typed
      ask();
    });
    this.input.addEventListener("focus", () => this.ask());
    this.input.addEventListener("blur", () => this.leave());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("paste", () => setTimeout(() => this.takeTyped(/[,;\n]/)));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const at = [...this.list.children].indexOf(event.target.closest("[role=option]"));
      if (at >= 0) this.choose(this.options[at]);
    });
    this.box.addEventListener("click", (event) => event.target === this.box && this.input.focus());
    this.plain.addEventListener("filled", () => this.drawChips());
    this.plain.form?.addEventListener("reset", () => setTimeout(() => this.drawChips()));
  }

  async ask() {
    const text = this.input.value.trim();
    const mine = (this.asked = Symbol("asked"));
    const found = this.plain.dataset.source ? await this.fetched(text) : this.own(text);
    if (this.asked === mine && this.input.value.trim() === text && document.activeElement === this.input) this.drawList(found);
  }

  async fetched(text) {
    const url = new URL(this.plain.dataset.source, location.href);
    url.searchParams.set("q", text);
    const answer = await fetchJson(url).catch(() => null);
    return Array.isArray(answer?.data) ? answer.data.slice(0, MOST_SHOWN) : [];
  }

  own(text) {
    const wanted = folded(text);
    const all = [...(this.plain.options ?? [])].filter((option) => option.value);
    const found = all.map((option) => ({ value: option.value, label: option.text, hint: option.dataset.hint }));
    return found.filter((option) => folded(`${option.label} ${option.hint ?? ""}`).includes(wanted)).slice(0, 60);
  }

  drawList(options) {
    this.options = options;
    const chosen = new Set(this.chosen().map((choice) => choice.value));
    const drawn = options.map((option, at) =>
      element("li", { class: "option", role: "option", id: `${this.list.id}-${at}`, "aria-selected": String(chosen.has(String(option.value))) },
        element("span", {}, option.label), option.hint ? element("span", { class: "row-sub" }, option.hint) : null));
    this.list.replaceChildren(...drawn);
    this.open(options.length > 0);
    this.point(options.length && this.input.value.trim() ? 0 : -1);
    const texts = this.plain.dataset;
    this.status.textContent = options.length ? filled(texts.textFound, { n: options.length }) : (this.input.value.trim() && texts.textNone) || "";
  }

  open(on) {
    this.list.hidden = !on;
    this.input.setAttribute("aria-expanded", String(on));
  }

  point(at) {
    this.list.querySelector("[data-active]")?.removeAttribute("data-active");
    this.active = at;
    const option = this.list.children[at];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.dataset.active = "";
    option.scrollIntoView({ block: "nearest" });
    return this.input.setAttribute("aria-activedescendant", option.id);
  }

  onKey(event) {
    const open = !this.list.hidden;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown") open ? this.point(Math.min(this.active + 1, last)) : this.ask();
    else if (event.key === "ArrowUp" && open) this.point(Math.max(this.active - 1, 0));
    else if (event.key === "Enter" && open && this.active >= 0) this.choose(this.options[this.active]);
    else if ((event.key === "Enter" || event.key === "," || event.key === ";") && this.takeTyped(/[,;\s]/)) this.open(false);
    else if (event.key === "Enter" && this.input.value) this.status.textContent = this.plain.dataset.textNone ?? "";
    else if (event.key === "Escape" && open) this.open(false);
    else if (event.key === "Backspace" && !this.input.value) return this.drop(this.chosen().at(-1));
    else return;
    event.preventDefault();
    if (event.key === "Escape") event.stopPropagation();
  }

  leave() {
    this.takeTyped(/[,;\s]/);
    this.open(false);
    if (this.plain instanceof HTMLSelectElement) this.input.value = "";
  }

  // Addresses may be typed or pasted where the plain field is a text input.
  takeTyped(separator) {
    if (this.plain instanceof HTMLSelectElement) return false;
    const typed = this.input.value.split(separator).map((word) => word.trim()).filter((word) => word.includes("@"));
    if (!typed.length) return false;
    for (const word of typed) this.add({ value: word, label: word });
    this.input.value = "";
    this.changed();
    return true;
  }

  choose(option) {
    const chosen = this.chosen().find((choice) => choice.value === String(option.value));
    if (chosen && !this.single) return this.drop(chosen);
    this.add(option);
    this.input.value = "";
    this.changed();
    return this.single ? this.open(false) : this.ask();
  }

  add(option) {
    const value = String(option.value);
    if (this.plain instanceof HTMLSelectElement) {
      let made = [...this.plain.options].find((one) => one.value === value);
      if (!made) this.plain.add((made = new Option(option.label, value)));
      made.selected = true;
    } else if (!this.values().includes(value)) {
      this.labels = { ...this.labels, [value]: option.label };
      this.plain.value = [...this.values(), value].join(", ");
    }
  }

  drop(choice) {
    if (!choice) return;
    if (this.plain instanceof HTMLSelectElement) {
      for (const option of this.plain.options) if (option.value === choice.value) option.selected = false;
    } else this.plain.value = this.values().filter((value) => value !== choice.value).join(", ");
    this.changed();
    this.input.focus();
  }

  values() {
    return this.plain.value.split(/[,;\s]+/).filter(Boolean);
  }

  chosen() {
    if (!(this.plain instanceof HTMLSelectElement)) return this.values().map((value) => ({ value, label: this.labels?.[value] ?? value }));
    return [...this.plain.selectedOptions].filter((option) => option.value).map((option) => ({ value: option.value, label: option.text }));
  }

  changed() {
    this.drawChips();
    this.plain.dispatchEvent(new Event("change", { bubbles: true }));
  }

  drawChips() {
    for (const old of this.box.querySelectorAll(".chip")) old.remove();
    for (const choice of this.chosen()) this.input.before(this.chip(choice));
  }

  chip(choice) {
    const label = filled(this.plain.dataset.textRemove ?? "× {label}", choice);
    const remove = element("button", { type: "button", "aria-label": label, title: label }, icon("x"));
    remove.addEventListener("click", () => this.drop(choice));
    return element("span", { class: "chip" }, element("span", {}, choice.label), remove);
  }
}

// Search without accents: "Stefan" finds "Ștefan".
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
