// A time zone not chosen yet is the one of this browser, where the list knows it.
(() => {
  const guess = () => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const field of document.querySelectorAll("select[data-own-zone]")) {
      const known = [...field.options].some((option) => option.value === own);
      if (!known || field.value !== "UTC") continue;
      field.value = own;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  document.addEventListener("DOMContentLoaded", guess);
})();
