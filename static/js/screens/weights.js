// The weight of each criterion has a slider beside its number: the two follow each other, and the effect of
// the draft follows both. The slider reaches to 100, or as far as the number that is typed; dragged, it keeps
// its range, so that it does not shrink below the pointer.
for (const number of document.querySelectorAll("#draft input[name$='-weight']")) {
  const slider = document.createElement("input");
  const follow = () => {
    slider.max = Math.max(100, number.value);
    slider.value = number.value || 0;
  };
  const changed = () => number.dispatchEvent(new Event("change", { bubbles: true }));
  Object.assign(slider, { type: "range", min: number.min, ariaLabel: number.labels[0].firstChild.textContent.trim() });
  number.before(slider);
  follow();
  addEventListener("pageshow", follow);
  number.addEventListener("input", () => {
    follow();
    changed();
  });
  slider.addEventListener("input", () => {
    number.value = slider.value;
    changed();
  });
}
