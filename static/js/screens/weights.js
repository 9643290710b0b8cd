// The weight of each criterion has a slider beside its number: the two follow each other, and the effect of
// the draft follows both. A number above what the slider reaches is allowed, and said by it.
for (const number of document.querySelectorAll("#draft input[name$='-weight']")) {
  const slider = document.createElement("input");
  const follow = () => {
    slider.value = number.value || 0;
    slider.setAttribute("aria-valuetext", number.value);
  };
  Object.assign(slider, { type: "range", min: number.min, max: 100, ariaLabel: number.labels[0].firstChild.textContent.trim() });
  number.before(slider);
  follow();
  addEventListener("pageshow", follow);
  number.addEventListener("input", () => {
    follow();
    number.dispatchEvent(new Event("change", { bubbles: true }));
  });
  slider.addEventListener("input", () => {
    number.value = slider.value;
    follow();
    number.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
