// Dialogs and what is said: a fragment swapped into #dialog-body opens the dialog.
(() => {
  const dialog = () => document.getElementById("dialog");

  document.addEventListener("htmx:afterSwap", (event) => {
    const box = dialog();
    if (!box || event.detail.target.id !== "dialog-body") return;
    const heading = box.querySelector("#dialog-body :is(h1, h2)");
    if (heading) box.setAttribute("aria-label", heading.textContent.trim());
    if (!box.open) box.showModal();
    (box.querySelector("[autofocus], .is-invalid") ?? box.querySelector("#dialog-body :is(input:not([type=hidden]), select, textarea)"))?.focus();
  });

  // A form in the dialog that was taken elsewhere on the page is done: close.
  document.addEventListener("htmx:afterRequest", (event) => {
    const box = dialog();
    const { successful, target, requestConfig } = event.detail;
    if (box?.open && successful && requestConfig.verb === "post" && box.contains(event.target) && !box.contains(target)) box.close();
  });

  document.addEventListener("click", (event) => {
    const dismissed = event.target.closest("#said .x");
    if (dismissed) dismissed.closest("#said > div").remove();
  });

  // Ctrl or ⌘ with a click opens a tab, as on any link.
  document.addEventListener("click", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.target.closest("a[hx-get]")) event.stopImmediatePropagation();
  }, true);

  // What was said before this page loaded is said again, so that it is read out; what holds no
  // button to press goes after a while.
  function settle() {
    const box = document.getElementById("said");
    if (!box) return;
    const words = [...box.children];
    box.replaceChildren();
    requestAnimationFrame(() => box.append(...words));
    leave(words);
  }
  const leave = (words) => {
    setTimeout(() => words.forEach((one) => !one.matches(".error, :has(form)") && one.remove()), 8000);
    setTimeout(() => words.forEach((one) => one.querySelector("[action$='/unsend/']") && one.remove()), 10500);
  };
  document.addEventListener("DOMContentLoaded", settle);
  document.addEventListener("htmx:oobAfterSwap", (event) => event.detail.target.id === "said" && leave([...event.detail.target.children]));
})();
