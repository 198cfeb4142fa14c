/* Keys: single letters (switched off in the profile, silent inside fields), Ctrl+Enter, rows. */
(() => {
  "use strict";
  const single = document.body.dataset.singleKeys === "on";
  const dialog = document.getElementById("keys-dialog");
  let waitingForPlace = 0;

  const shown = (element) => element.getClientRects().length > 0;
  const pick = (selector) => [...document.querySelectorAll(selector)].find(shown);
  const escape = (key) => CSS.escape(key);

  function act(element) {
    if (element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) { element.focus(); element.select?.(); }
    else { element.click(); }
  }

  const rows = () => [...document.querySelectorAll("[data-row]")].filter(shown);
  const current = () => document.querySelector("[data-row].is-current");
  function step(by) {
    const all = rows();
    if (!all.length) { return; }
    const at = all.indexOf(current());
    const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
    all.forEach((row) => row.classList.toggle("is-current", row === next));
    (next.querySelector("[data-open]") || next.querySelector("a, button"))?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  let lastSelected = null;
  function select(range) {
    const row = current();
    const box = row?.querySelector("input[type=checkbox]");
    if (!box) { return; }
    if (range && lastSelected) {
      const all = rows();
      const [from, to] = [all.indexOf(lastSelected), all.indexOf(row)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((one) => { const tick = one.querySelector("input[type=checkbox]"); if (tick) { tick.checked = true; } });
    } else {
      box.checked = !box.checked;
    }
    box.dispatchEvent(new Event("change", { bubbles: true }));
    lastSelected = row;
  }

  function showKeys() {
    if (dialog && !dialog.open) { dialog.showModal(); }
  }
  document.querySelector("[data-show-keys]")?.addEventListener("click", showKeys);

  function submitFocused(event) {
    const form = document.activeElement?.closest("form") || document.querySelector("form[data-autosave-url]");
    const button = form?.querySelector("[data-submit-key]") || form?.querySelector("button[type=submit], button:not([type])");
    if (button) { event.preventDefault(); button.click(); }
  }

  function withModifier(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { submitFocused(event); return; }
    if (!event.altKey || event.ctrlKey || event.metaKey) { return; }
    const target = pick(`[data-key="Alt+${escape(event.key)}"]`);
    if (target) { event.preventDefault(); act(target); }
  }

  const ROW_KEYS = { j: () => step(1), k: () => step(-1), x: () => select(false), X: () => select(true), "?": showKeys };

  function singleKey(event) {
    if (waitingForPlace) {
      clearTimeout(waitingForPlace);
      waitingForPlace = 0;
      const place = document.querySelector(`[data-go="${escape(event.key)}"]`);
      if (place) { event.preventDefault(); place.click(); }
      return;
    }
    const inRow = current()?.querySelector(`[data-row-key="${escape(event.key)}"]`);
    const target = inRow || pick(`[data-key="${escape(event.key)}"]`);
    /* `g t` goes to Today; `g` alone, where a page gives it a meaning, waits for no second letter. */
    if (event.key === "g") {
      waitingForPlace = setTimeout(() => { waitingForPlace = 0; if (target) { act(target); } }, target ? 600 : 1500);
      return;
    }
    if (target) { event.preventDefault(); act(target); return; }
    if (ROW_KEYS[event.key]) { event.preventDefault(); ROW_KEYS[event.key](); }
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]") || document.body.classList.contains("is-covered")) { return; }
    if (event.ctrlKey || event.metaKey || event.altKey) { withModifier(event); return; }
    if (!single || event.key.length !== 1 || window.recourse.typing(event.target)) { return; }
    singleKey(event);
  });
})();
