// A link that opens an app (phone, WhatsApp, Teams) and leaves a log form in the page.
(() => {
  let pressed = null;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-app]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      pressed = link;
      const app = link.dataset.app;
      if (app.startsWith("tel:")) location.href = app;
      else window.open(app, "_blank", "noopener");
    }
    const away = event.target.closest("#begun [data-throw-away]");
    if (away) {
      event.preventDefault();
      const empty = document.createElement("div");
      empty.id = "begun";
      document.getElementById("begun").replaceWith(empty);
      pressed?.focus();
    }
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt?.id === "begun") document.querySelector("#begun textarea")?.focus();
  });
})();
