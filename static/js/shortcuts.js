// Keys. A thing on the page says which it answers to: data-key="r" is pressed by R, in the selected
// row first; data-go="p" by G then P; data-row is walked by J and K.
(() => {
  const typing = (element) => element.closest?.("input, textarea, select, [contenteditable]");
  const shown = (element) => element.checkVisibility?.() ?? true;
  const first = (selector, within = document) => [...within.querySelectorAll(selector)].find(shown);
  let going = 0;

  function walk(step) {
    const rows = [...document.querySelectorAll("[data-row]")].filter(shown);
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("sel"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    rows.forEach((row) => row.classList.toggle("sel", row === next));
    next.scrollIntoView({ block: "nearest" });
    (next.querySelector("a, button") ?? next).focus();
  }

  function press(key) {
    const row = document.querySelector("[data-row].sel");
    const name = CSS.escape(key);
    const target = (row && first(`[data-key="${name}"]`, row)) || first(`[data-key="${name}"]`);
    if (!target) return false;
    if (target.matches("input:not([type=submit]), textarea, select")) target.focus();
    else target.click();
    return true;
  }

  function single(key) {
    if (Date.now() - going < 1500) {
      going = 0;
      const place = first(`[data-go="${CSS.escape(key)}"]`);
      place?.click();
      return Boolean(place);
    }
    if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1), true;
    if (key === "g") return (going = Date.now()), true;
    return press(key);
  }

  function take(event) {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === "Enter" && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit(event.target.form.querySelector("[data-primary]"));
    } else if (command && event.key.toLowerCase() === "k") {
      const find = document.getElementById("find");
      if (find) event.preventDefault();
      find?.focus();
      find?.select();
    } else if (!command && !event.altKey && !typing(event.target) && document.body.dataset.shortcuts !== "off" && !document.querySelector("dialog:modal")) {
      if (single(event.key.toLowerCase())) event.preventDefault();
    }
  }

  // Once htmx has read the page, the keys of the five seconds before are taken up.
  document.addEventListener("DOMContentLoaded", (event) => {
    onkeydown = take;
    earlyKeys.filter((key) => event.timeStamp - key.timeStamp < 5000).forEach(take);
  });
})();
