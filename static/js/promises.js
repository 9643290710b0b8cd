// Promises caught in what is typed: a press fills the promise of the form; the form's own press saves it.
(() => {
  const names = ["promise", "promised_for", "promise_side"];

  // What stands in the form already is not offered again.
  function tidy(form) {
    for (const offer of form.querySelectorAll(".offer")) {
      if (names.every((name) => form.elements[name].value === offer.dataset[name])) offer.remove();
    }
  }

  document.addEventListener("click", (event) => {
    const offer = event.target.closest(".offer");
    if (!offer) return;
    const { form, dataset } = offer;
    for (const name of names) form.elements[name].value = dataset[name];
    form.querySelector(".promise-in").open = true;
    tidy(form);
    form.elements.promise.focus();
  });
  document.addEventListener("htmx:afterSwap", ({ target }) => target.matches(".caught") && tidy(target.closest("form")));
})();
