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

// Back brings what was typed, but the effect that is drawn is of the draft as it is saved.
const draft = document.getElementById("draft");
const asSaved = (field) => {
  if (field.options) return field.selectedOptions[0] === ([...field.options].find((one) => one.defaultSelected) ?? field.options[0]);
  return field.type === "checkbox" ? field.checked === field.defaultChecked : field.value === field.defaultValue;
};
addEventListener("pageshow", () => {
  const typed = [...draft.elements].filter((field) => field.name && !["hidden", "submit"].includes(field.type));
  if (!typed.every(asSaved)) draft.dispatchEvent(new Event("change"));
});
