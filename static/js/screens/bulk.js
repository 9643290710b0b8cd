// Ticked rows: the button says how many, one box ticks the page. A day that is not given stays out of the address.
(() => {
  const boxes = () => [...document.querySelectorAll('input[name="ids"][form="bulk"]')];

  function count() {
    const all = boxes();
    const ticked = all.filter((box) => box.checked);
    for (const box of all) box.closest("[data-row]")?.classList.toggle("sel", box.checked);
    const words = document.querySelector("[data-bulk-count]");
    if (words) words.textContent = ticked.length ? `· ${ticked.length}` : "";
    const page = document.querySelector("[data-bulk-page]");
    if (!page) return;
    page.checked = all.length > 0 && ticked.length === all.length;
    page.indeterminate = ticked.length > 0 && ticked.length < all.length;
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-bulk-page]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches('[data-bulk-page], input[form="bulk"]')) count();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get" || !event.target.matches("form.find-in")) return;
    for (const day of event.target.querySelectorAll('input[type="date"]')) {
      if (!day.value) delete event.detail.parameters[day.name];
    }
  });
  document.addEventListener("htmx:afterSettle", count);
  addEventListener("pageshow", count);
})();
