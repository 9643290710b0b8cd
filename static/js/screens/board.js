// The board: dragging, the menu and Shift with an arrow all send the one form of moves to the card's
// address. A move that is refused says why, and the card returns.
(() => {
  const board = document.querySelector(".bd");
  if (!board) return;
  const columns = [...board.querySelectorAll(".cl")];
  const columnOf = (card) => card.closest(".cl");
  const menu = document.getElementById("move");
  const listOf = (column) => column.querySelector("ul");
  const said = () => document.getElementById("said");
  const FAILED = { said: '<div id="said"><div class="error"><p>That did not work. It stays where it was.</p></div></div>' };

  for (const link of board.querySelectorAll("[data-movable] > a")) {
    link.setAttribute("aria-describedby", "board-keys");
    link.setAttribute("aria-keyshortcuts", "Shift+ArrowRight Shift+ArrowLeft");
  }

  function place(card, list, before = list.firstElementChild) {
    list.insertBefore(card, before);
  }

  function count(column, by) {
    const figure = column.querySelector("[data-count]");
    const counted = Number(figure.textContent);
    if (!Number.isNaN(counted)) figure.textContent = String(counted + by); // "2000+" stays
  }

  // The server's words, drawn as on any page; a head is shown the way to override beside them.
  function say({ said: html, override }) {
    const told = new DOMParser().parseFromString(html, "text/html").getElementById("said");
    said().replaceChildren(...told.children);
    if (!override) return;
    const way = document.createElement("a");
    way.href = override;
    way.className = "btn btn-q btn-s";
    way.textContent = "Override with a reason";
    said().querySelector("p").after(way);
  }

  async function send(card, seen, to) {
    const body = new FormData(menu);
    body.set("seen", seen);
    body.set("to", to);
    const answer = await fetch(card.dataset.movable, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = (answer.headers.get("Content-Type") ?? "").startsWith("application/json") && (await answer.json());
    if (!told) throw new Error("no answer of ours");
    return { ...told, moved: answer.ok };
  }

  // `from` is where the card lay: its list and the card after it.
  async function move(card, column, from) {
    const origin = from.list.closest(".cl");
    if (column === origin) return;
    card.setAttribute("aria-busy", "true");
    const told = await send(card, origin.dataset.place, column.dataset.place).catch(() => FAILED);
    card.removeAttribute("aria-busy");
    say(told);
    if (!told.moved) return place(card, from.list, from.before);
    moved = card.id;
    count(origin, -1);
    count(column, 1);
  }

  // The menu offers the places that the road leads to from the card's column.
  let chosen;
  function offer(card, words) {
    chosen = card;
    menu.querySelector("p").textContent = words;
    menu.setAttribute("aria-label", words);
    menu.querySelectorAll("button").forEach((button) => button.remove());
    for (const to of columnOf(card).dataset.leadsTo.split(" ")) {
      const button = document.createElement("button");
      button.value = to;
      button.textContent = columns.find((column) => column.dataset.place === to).dataset.label;
      menu.append(button);
    }
    menu.showPopover();
    menu.querySelector("button").focus();
  }

  let moved;
  const where = (card) => ({ list: card.parentElement, before: card.nextElementSibling });

  function carry(card, column) {
    const from = where(card);
    place(card, listOf(column));
    card.querySelector("a").focus();
    return move(card, column, from);
  }

  // Dragging is a help for those who point: its script comes when a pointer does.
  let taken;
  function draggable() {
    for (const column of columns) {
      window.Sortable.create(listOf(column), {
        group: "board",
        sort: false,
        animation: 140,
        delay: 180,
        delayOnTouchOnly: true,
        touchStartThreshold: 5,
        draggable: "[data-movable]",
        filter: ".mv",
        preventOnFilter: false,
        onStart: ({ item }) => (taken = where(item)),
        onEnd: ({ item, to }) => move(item, to.closest(".cl"), taken),
      });
    }
  }
  // The dragging script is fetched when a pointer first moves anywhere, and is there before it takes a card.
  const ready = () => board.setAttribute("data-draggable", "");
  const fetched = () => import(board.dataset.dragging).then(draggable).then(ready).catch(() => {});
  document.addEventListener("pointermove", fetched, { once: true });

  document.getElementById("look").addEventListener("submit", (event) => {
    event.preventDefault();
    offer(event.submitter.closest("[data-movable]"), event.submitter.getAttribute("aria-label"));
  });
  menu.addEventListener("submit", (event) => {
    event.preventDefault();
    menu.hidePopover();
    carry(chosen, columns.find((column) => column.dataset.place === event.submitter.value));
  });

  board.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-movable]");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!card || !step || !event.shiftKey || card.matches("[aria-busy]")) return;
    event.preventDefault();
    const column = columns[columns.indexOf(columnOf(card)) + step];
    if (column) carry(card, column);
  });

  // Undo answers with the board as it is then, the card in focus.
  document.addEventListener("submit", async (event) => {
    if (!event.target.closest("#said")) return;
    event.preventDefault();
    await fetch(event.target.action, { method: "POST", body: new FormData(event.target), redirect: "manual" });
    sessionStorage.setItem("board-card", moved ?? "");
    location.reload();
  });
  const last = sessionStorage.getItem("board-card");
  sessionStorage.removeItem("board-card");
  if (last) document.getElementById(last)?.querySelector("a").focus();
})();
