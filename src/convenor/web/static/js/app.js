// The page's frame: everything that every screen needs. Loaded once by base.html.
import htmx from "../vendor/htmx.js";
import { startDialogs } from "./dialog.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menu.js";
import { startProgress } from "./progress.js";
import { startTheme } from "./theme.js";
import { startToasts, toast } from "./toast.js";
import { startComboboxes } from "./combobox.js";
import { startLeaving } from "./check_in/leaving.js";

const LOCKED = 401;
const FORBIDDEN = 403;
const MISSING = 404;
const BROKEN = 500;

document.documentElement.classList.add("js");
for (const element of document.querySelectorAll("[data-needs-js]")) element.hidden = false;

startTheme();
startMenus();
startLeaving();
startDialogs();
startToasts();
startKeys();
startComboboxes(document);
startProgress(document);
startRequests();
document.querySelector("[data-form-errors]")?.focus();
showCurrentTab();

/** Of tabs wider than a phone, the one that is open; only sideways, the page stays where it is. */
function showCurrentTab() {
  const tab = document.querySelector(".tabs > [aria-current=page]");
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - tab.parentElement.clientWidth / 2 + tab.offsetWidth / 2;
}

function startRequests() {
  document.addEventListener("htmx:config:request", (event) => {
    event.detail.ctx.request.headers["X-CSRFToken"] = document.body.dataset.csrf;
  });
  document.addEventListener("htmx:before:response", answerSignedOut);
  document.addEventListener("htmx:response:error", (event) => complain(event.detail.ctx?.response?.raw?.status));
  document.addEventListener("htmx:error", () => complain(0));
  document.addEventListener("htmx:after:process", (event) => {
    const part = event.target instanceof Element ? event.target : document;
    startComboboxes(part);
    startProgress(part);
  });
}

// A session that ended answers a fragment's request with the sign-in page: go there, don't swap it in.
function answerSignedOut(event) {
  const response = event.detail.ctx?.response?.raw;
  if (response?.status === LOCKED || (response?.redirected && new URL(response.url).pathname.startsWith("/account/login"))) {
    event.preventDefault();
    location.reload();
  }
}

function complain(status) {
  const texts = document.body.dataset;
  if (status === FORBIDDEN) toast("error", texts.textForbidden);
  else if (status === MISSING) toast("error", texts.textMissing);
  else if (!status || status >= BROKEN) toast("error", texts.textFailed);
}

export { htmx };
