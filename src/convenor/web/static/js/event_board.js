// The board of events: a card dropped on a column goes to that state. Without this module the link on the card leads to the same steps.
const board = document.querySelector("[data-board]");
let dragged = null;

const targetsOf = (card) => card.dataset.targets.split(" ");

function mark(card) {
  for (const column of board.querySelectorAll("[data-state]")) {
    column.classList.toggle("may-drop", card !== null && targetsOf(card).includes(column.dataset.state));
  }
}

function columnUnder(event) {
  const column = event.target.closest("[data-state]");
  return dragged && column && targetsOf(dragged).includes(column.dataset.state) ? column : null;
}

// The server leads on: to the preview where functions move too, back to the board otherwise.
function send(card, state) {
  const form = document.querySelector("[data-board-form]");
  form.action = form.dataset.action.replace("/0/", `/${card.dataset.card}/`);
  form.elements.to.value = state;
  form.elements.version.value = card.dataset.version;
  form.submit();
}

if (board) {
  for (const card of board.querySelectorAll("[data-card]")) card.draggable = true;
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-card]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.card);
    mark(dragged);
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    mark(null);
  });
  board.addEventListener("dragover", (event) => {
    if (columnUnder(event)) event.preventDefault();
  });
  board.addEventListener("drop", (event) => {
    const column = columnUnder(event);
    if (!column) return;
    event.preventDefault();
    send(dragged, column.dataset.state);
  });
}
