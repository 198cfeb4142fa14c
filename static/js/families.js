/* Filing a reply with two keys: a number opens a family, a letter in it files the answer. Where a
   family is open its letters come before the keys of the whole site. */
(() => {
  "use strict";
  const form = document.querySelector("[data-families]");
  if (!form || document.body.dataset.singleKeys !== "on") { return; }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (window.recourse.typing(event.target) || document.body.classList.contains("is-covered")) { return; }
    const open = form.querySelector("details[data-family][open]");
    const key = CSS.escape(event.key);
    const answer = event.key.length === 1 && open?.querySelector(`[data-answer-key="${key}"]`);
    if (answer) { event.preventDefault(); answer.click(); }
  }, true);

  /* Only one family is open at a time, also where a browser does not know named details. */
  form.querySelectorAll("details[data-family]").forEach((family) => {
    family.addEventListener("toggle", () => {
      if (!family.open) { return; }
      form.querySelectorAll("details[data-family][open]").forEach((other) => { if (other !== family) { other.open = false; } });
    });
  });
})();
