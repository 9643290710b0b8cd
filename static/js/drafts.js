// What one writes with (writing.js) is fetched when one begins to write, and when this browser holds words
// that could not be kept at the server. Signing out forgets these.
(() => {
  const held = () => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
    } catch {
      return [];
    }
  };
  const writes = (element) => element?.closest?.("form[data-draft]");

  function fetchIt() {
    if (!document.body.dataset.writing || document.getElementById("writing")) return;
    const script = document.createElement("script");
    script.id = "writing";
    script.src = document.body.dataset.writing;
    document.head.append(script);
  }

  document.addEventListener("focusin", (event) => writes(event.target) && fetchIt());
  document.addEventListener("DOMContentLoaded", () => (writes(document.activeElement) || document.querySelector(".offer") || held().length) && fetchIt());
  document.addEventListener("htmx:afterSwap", () => document.querySelector(".offer") && fetchIt());
  document.addEventListener("submit", ({ target }) => target.matches("[data-sign-out]") && held().forEach((key) => localStorage.removeItem(key)));
})();
