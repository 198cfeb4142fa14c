/* Small conveniences of every page. Nothing here is needed to work; nothing is kept in the browser. */
(() => {
  "use strict";
  const words = document.body.dataset;

  window.recourse = {
    fill: (text, values) => (text || "").replace(/%\((\w+)\)[sd]/g, (_, name) => values[name]),
    token: (root) => (root || document).querySelector("input[name=csrfmiddlewaretoken]")?.value || "",
    typing: (target) => target instanceof Element && target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"),
  };

  const showButtons = () => {
    document.querySelectorAll("[data-copy], [data-dismiss], [data-show-keys], [data-hide]").forEach((button) => { button.hidden = false; });
  };
  showButtons();
  /* What htmx puts into the page brings its own hidden buttons. */
  document.addEventListener("htmx:afterSettle", showButtons);

  /* htmx notes the address of each page for its history, which is switched off here. On a shared
     computer even a case's code should not stay behind. */
  try { window.sessionStorage.clear(); } catch { /* Storage is refused: nothing to clear. */ }

  /* An error summary takes the focus, so that it is read before anything else. */
  document.querySelector("[data-error-summary]")?.focus();

  async function copy(button) {
    const before = button.lastChild.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.lastChild.textContent = words.copied || "Copied";
    } catch {
      button.lastChild.textContent = words.notCopied || "Copy by hand";
    }
    say(button.lastChild.textContent);
    setTimeout(() => { button.lastChild.textContent = before; }, 4000);
  }

  function say(text) {
    let place = document.getElementById("said");
    if (!place) {
      place = document.createElement("div");
      place.id = "said";
      place.className = "visually-hidden";
      place.setAttribute("role", "status");
      document.body.append(place);
    }
    place.textContent = text;
  }
  window.recourse.say = say;

  /* What is veiled is asked for, shown for a minute, and taken out of the page again. */
  const SHOWN_FOR = 60000;
  async function unveil(form) {
    const place = form.querySelector("[data-veil-place]");
    const button = form.querySelector("button");
    if (button.getAttribute("aria-expanded") === "true") { veil(form); return; }
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" }, redirect: "manual",
      });
      if (answer.type === "opaqueredirect") { form.submit(); return; }
      if (!answer.ok) { throw new Error(String(answer.status)); }
      /* The answer is a template of this server, escaped there. */
      place.innerHTML = await answer.text();
      place.classList.add("veil-open");
      form.dataset.words = button.textContent;
      button.textContent = place.dataset.again;
      button.setAttribute("aria-expanded", "true");
      form.dataset.timer = String(setTimeout(() => veil(form), SHOWN_FOR));
    } catch {
      place.textContent = place.dataset.failed;
    }
  }
  function veil(form) {
    const button = form.querySelector("button");
    if (button.getAttribute("aria-expanded") !== "true") { return; }
    clearTimeout(Number(form.dataset.timer));
    const place = form.querySelector("[data-veil-place]");
    place.replaceChildren();
    place.classList.remove("veil-open");
    button.textContent = form.dataset.words;
    button.setAttribute("aria-expanded", "false");
  }
  window.recourse.veilAll = () => document.querySelectorAll("form[data-veil]").forEach(veil);
  window.addEventListener("blur", window.recourse.veilAll);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-veil]")) { event.preventDefault(); unveil(form); }
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-copy], [data-dismiss], [data-select-all]");
    document.querySelectorAll("details[data-close-outside][open]").forEach((menu) => {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
    if (!target) { return; }
    if (target.dataset.copy !== undefined) { copy(target); }
    if (target.dataset.dismiss !== undefined) { target.closest("[data-toast]").remove(); }
    if (target.dataset.selectAll !== undefined) {
      target.closest("form, table").querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = target.checked; });
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { return; }
    const menu = document.activeElement?.closest("details[data-close-outside][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
    document.querySelector("[data-toast] [data-dismiss]")?.click();
  });

  /* A part missing from the preview, or from the checklist: go to the field that fills it. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[aria-disabled=true][data-focus]");
    if (!button) { return; }
    event.preventDefault();
    document.querySelector(button.dataset.focus)?.focus();
  });

  /* One press, one sending: a second press while the first is on its way does nothing. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  const offline = document.querySelector("[data-offline]");
  if (offline) {
    const show = () => { offline.hidden = navigator.onLine; };
    window.addEventListener("online", show);
    window.addEventListener("offline", show);
    show();
  }
})();
