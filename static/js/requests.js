// How requests behave: htmx carries the CSRF token, a refusal is said, a press sends once.
(() => {
  const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const said = () => document.getElementById("said");

  function say(sentence) {
    const box = document.createElement("div");
    const words = document.createElement("p");
    box.className = "error";
    words.textContent = sentence;
    box.append(words);
    said()?.replaceChildren(box);
  }

  // What a page asks by itself says nothing when it fails, and takes nobody away from what they type.
  const quiet = (event) => event.detail.elt?.matches("[data-quiet]");

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = token();
  });

  // A session that ended answers with the sign-in page: go there instead of drawing it into a corner.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const login = document.body.dataset.login;
    const url = event.detail.xhr.responseURL;
    if (login && url && new URL(url).pathname === login) {
      event.detail.shouldSwap = false;
      if (!quiet(event)) location.reload();
    }
  });

  document.addEventListener("htmx:responseError", (event) => {
    if (quiet(event)) return;
    const { xhr } = event.detail;
    const plain = (xhr.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");
    say(plain ? xhr.responseText : "That did not work. Nothing was changed; try again.");
  });
  document.addEventListener("htmx:sendError", (event) => quiet(event) || say("No connection. Nothing was sent; what you typed is still here."));

  function free(form) {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("[aria-disabled=true]")) button.removeAttribute("aria-disabled");
  }

  // The second press of a double click sends nothing, even where the first was answered in between.
  document.addEventListener("click", (event) => {
    const button = event.detail > 1 && event.target.closest("button, input[type=submit]");
    if (button?.type === "submit" && button.form?.method === "post") {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  // A form that sends is deaf until it is answered; one that answers with a file says data-again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "again" in form.dataset) return;
    if ("sending" in form.dataset) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sending = "";
    for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) button.setAttribute("aria-disabled", "true");
    setTimeout(() => free(form), 15000);
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form && !quiet(event)) free(form);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(free));

  // The theme changes at once; the server is told beside it.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-theme-form]");
    if (!form) return;
    event.preventDefault();
    const theme = event.submitter.value;
    document.documentElement.dataset.choice = theme;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === theme));
    fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" }).finally(() => free(form));
    form.closest("[popover]")?.hidePopover();
  });
})();
