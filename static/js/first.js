// Runs before the first paint: the choice "system" becomes light or dark, and follows when the system changes.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    const { choice } = root.dataset;
    root.dataset.bsTheme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
  };
  root.classList.add("js");
  follow();
  dark.addEventListener("change", follow);
  new MutationObserver(follow).observe(root, { attributeFilter: ["data-choice"] });
})();

// Keys pressed before the other scripts are there are kept for shortcuts.js.
const earlyKeys = [];
onkeydown = (event) => earlyKeys.push(event);
