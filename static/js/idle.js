/* Fifteen quiet minutes: a warning. Twenty: signed out, with everything saved. Saving by itself and
   polling do not count as somebody being here. */
(() => {
  "use strict";
  const dialog = document.getElementById("idle-dialog");
  const { stayUrl, loginUrl } = document.body.dataset;
  if (!dialog || !stayUrl) { return; }
  const WARN = 15 * 60000;
  const OUT = 20 * 60000;
  const TOLD_EVERY = 5 * 60000;
  let told = Date.now();
  let active = false;

  async function stay() {
    try {
      const answer = await fetch(stayUrl, { method: "POST", headers: { "X-CSRFToken": window.recourse.token() }, redirect: "manual" });
      if (answer.ok) { told = Date.now(); active = false; }
    } catch { /* The next tick tries again. */ }
  }

  ["keydown", "pointerdown", "scroll"].forEach((kind) => document.addEventListener(kind, () => { active = true; }, { passive: true, capture: true }));
  dialog.addEventListener("close", stay);

  setInterval(() => {
    const quiet = Date.now() - told;
    if (quiet >= OUT) {
      window.dispatchEvent(new Event("recourse:save"));
      location.replace(`${loginUrl}?next=${encodeURIComponent(location.pathname)}`);
    } else if (active && quiet >= TOLD_EVERY && !dialog.open) {
      stay();
    } else if (quiet >= WARN && !dialog.open && !document.body.classList.contains("is-covered")) {
      dialog.showModal();
    }
  }, 15000);
})();
