// The zones the browser knows are offered while one types; one not chosen yet is the browser's own.
(() => {
  const known = () => Intl.supportedValuesOf?.("timeZone") ?? [];

  function offer() {
    if (document.getElementById("zones")) return;
    const list = document.createElement("datalist");
    list.id = "zones";
    list.append(...["UTC", ...known()].map((zone) => new Option(zone, zone)));
    document.body.append(list);
  }

  function guess() {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const field of document.querySelectorAll("input[data-own-zone]")) {
      if (!own || field.value !== "UTC") continue;
      field.value = own;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  document.addEventListener("focusin", (event) => event.target.matches('input[list="zones"]') && offer());
  document.addEventListener("DOMContentLoaded", guess);
})();
