// The board of events: a card dropped on a column takes the way there that its menu has. Without this module the menu does it.
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
    dragged.querySelector(`[data-way="${column.dataset.state}"]`)?.click();
  });
}
