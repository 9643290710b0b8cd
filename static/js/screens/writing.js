// Drafts: what is typed is kept at the server after a pause, and in this browser until the server has it.
(() => {
  const writer = document.body.dataset.user;
  const prefix = `draft:${writer}:`;
  const PAUSE = 700; // ms without a key
  const AGAIN = 10000; // ms until a failed attempt is repeated
  const waiting = new WeakMap(); // the next attempt of a form
  const busy = new WeakSet(); // forms whose words are on their way
  const sending = new WeakSet(); // forms that are being sent

  const forms = () => document.querySelectorAll("form[data-draft]:not([data-draft=''])");
  const line = (form) => form.previousElementSibling?.matches("[data-draft-line]") && form.previousElementSibling;
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  const held = (url) => localStorage.getItem(prefix + url);
  const forget = (url) => localStorage.removeItem(prefix + url);

  function hold(url, typed) {
    try {
      localStorage.setItem(prefix + url, typed);
    } catch {
      // full or forbidden: the server is still asked
    }
  }

  function words(form) {
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "csrfmiddlewaretoken") typed.append(name, value);
    if (!typed.has("next")) typed.append("next", location.pathname + location.search);
    return typed.toString();
  }

  // Answers of these are final: it is kept, it was sent meanwhile, it is not ours any more.
  const settled = new Set([200, 204, 404]);

  const post = (url, typed, more) =>
    fetch(url, {
      method: "POST",
      body: new URLSearchParams(typed),
      headers: { "HX-Request": "true", "X-CSRFToken": token(), "X-Writer": writer },
      redirect: "manual",
      ...more,
    });

  function say(form, sentence) {
    const place = line(form);
    if (!place) return;
    let words = place.querySelector("[role=status]");
    if (!words) {
      words = document.createElement("p");
      words.className = "xs t-warn";
      words.setAttribute("role", "status");
      place.append(words);
    }
    words.textContent = sentence;
  }

  function later(form, pause) {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form), pause));
  }

  async function keep(form) {
    const url = form.dataset.draft;
    if (!url || sending.has(form) || !form.isConnected) return;
    if (busy.has(form)) return later(form, PAUSE);
    busy.add(form);
    const typed = words(form);
    try {
      const answer = await post(url, typed);
      if (answer.status === 422) return say(form, await answer.text());
      if (!settled.has(answer.status)) throw new Error(answer.status);
      const place = line(form);
      if (place && answer.status === 200) place.innerHTML = await answer.text();
      if (held(url) === typed) forget(url);
    } catch {
      say(form, "Kept in this browser only, until the connection is back.");
      later(form, AGAIN);
    } finally {
      busy.delete(form);
    }
  }

  function typing(form) {
    if (!form.dataset.draft || sending.has(form)) return;
    hold(form.dataset.draft, words(form));
    later(form, PAUSE);
  }

  // --- a template filled in at the server is typed, too; the first thing left to say is ready to be typed ---

  document.addEventListener("htmx:afterSettle", ({ target }) => {
    const form = target.name === "body" && target.closest("form[data-draft]");
    if (!form) return;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.focus();
    const [mark] = target.value.match(/⟦[^⟦⟧]+⟧/) ?? [];
    const from = mark ? target.value.indexOf(mark) : target.value.length;
    target.setSelectionRange(from, from + (mark ?? "").length);
  });

  // --- back again: what this browser holds goes to the server, and into its form --------------------------

  function fill(form, typed) {
    const values = new URLSearchParams(typed);
    let both = false; // words of an earlier page and of this one
    for (const field of form.elements) {
      if (!values.has(field.name) || ["hidden", "file", "submit"].includes(field.type)) continue;
      const all = values.getAll(field.name);
      if (["checkbox", "radio"].includes(field.type)) field.checked = all.includes(field.value);
      else if (field.type !== "textarea" || field.value === field.defaultValue) field.value = all[0];
      else if (!field.value.includes(all[0])) {
        field.value = `${all[0]}\n\n${field.value}`;
        both = true;
      }
      if (field.value && field.type !== "select-one") for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    }
    return both;
  }

  // A form that comes with a part of the page takes over what was typed where it stands and is not kept yet;
  // one that the server filled in from a line is typed, too. What a form sent itself does not come back.
  document.addEventListener("htmx:afterSwap", ({ target, detail }) => {
    const sender = ours({ target: detail.requestConfig.elt })?.dataset.draft;
    for (const form of [target, ...target.querySelectorAll("form[data-draft]")].filter((one) => one.matches("form[data-draft]"))) {
      const url = form.dataset.draft;
      if (!url || url === sender) continue;
      const typed = held(url);
      if (typed) fill(form, typed);
      if (typed || "filled" in form.dataset) typing(form);
    }
  });

  async function flush(url, typed) {
    const form = [...forms()].find((one) => one.dataset.draft === url);
    const answer = await post(url, typed).catch(() => null);
    if (!answer || !settled.has(answer.status)) return;
    if (held(url) === typed) forget(url);
    if (answer.status !== 200 || !form) return;
    const both = fill(form, typed);
    const place = line(form);
    if (place) place.innerHTML = await answer.text();
    if (both) typing(form);
  }

  const left = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => [key.slice(prefix.length), localStorage.getItem(key)]);

  // --- what happens on the page -----------------------------------------------------------------------------

  const ours = (event) => event.target.closest?.("form[data-draft]");
  for (const kind of ["input", "change"]) document.addEventListener(kind, (event) => ours(event) && typing(ours(event)));

  document.addEventListener("submit", (event) => {
    const form = ours(event);
    if (form) sending.add(form);
    const thrown = event.target.closest?.("[data-draft-line]")?.nextElementSibling;
    if (thrown?.dataset.draft) {
      forget(thrown.dataset.draft);
      clearTimeout(waiting.get(thrown));
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = ours(event);
    if (!form || event.target !== form) return;
    sending.delete(form);
    if (event.detail.successful) forget(form.dataset.draft);
  });
  addEventListener("pageshow", (event) => event.persisted && forms().forEach((form) => sending.delete(form)));
  addEventListener("online", () => forms().forEach((form) => held(form.dataset.draft) && later(form, 0)));
  addEventListener("pagehide", () => {
    for (const form of forms()) {
      const typed = held(form.dataset.draft);
      if (typed && !sending.has(form)) post(form.dataset.draft, typed, { keepalive: true }).catch(() => {});
    }
  });

  // What an earlier page left here, before what this one holds takes its place: keys may have been pressed
  // before this script was there.
  const earlier = left();
  const begun = (form) => [...form.elements].some((field) => field.type === "textarea" && field.value !== field.defaultValue);
  for (const form of forms()) if (begun(form) || "filled" in form.dataset) typing(form);
  for (const [url, typed] of earlier) flush(url, typed);
})();

// Promises caught in what is typed: each press fills the next free promise of the form; the form's own press
// saves them.
(() => {
  const names = ["promise", "promised_for", "promise_side"];
  const slots = (form) => [...form.querySelectorAll(".promise-in:has([name^=promise])")].map((box, n) => ({ box, field: (name) => form.elements[n ? `${name}_${n + 1}` : name] }));

  // What stands in the form already is not offered again.
  function tidy(form) {
    for (const offer of form.querySelectorAll(".offer")) {
      if (slots(form).some(({ field }) => names.every((name) => field(name).value === offer.dataset[name]))) offer.remove();
    }
  }

  document.addEventListener("click", (event) => {
    const offer = event.target.closest(".offer");
    if (!offer) return;
    const { form, dataset } = offer;
    const free = slots(form).find(({ field }) => !field("promise").value && !field("promised_for").value);
    if (!free) return offer.replaceWith("No further promise fits in here: save these first.");
    for (const name of names) free.field(name).value = dataset[name];
    for (let box = free.box; box; box = box.parentElement.closest("details")) box.open = true;
    tidy(form);
    free.field("promise").dispatchEvent(new Event("input", { bubbles: true }));
    free.field("promise").focus();
  });
  document.addEventListener("htmx:afterSwap", ({ target }) => target.matches(".caught") && tidy(target.closest("form")));
})();
