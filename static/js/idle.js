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

  /* What could not be saved any more travels through the sign-in page with an ordinary POST. */
  function leave() {
    clearInterval(ticking);
    window.dispatchEvent(new Event("recourse:save"));
    setTimeout(() => {
      const unsaved = document.querySelector("form[data-signed-out]");
      if (unsaved) { unsaved.submit(); } else { location.replace(`${loginUrl}?next=${encodeURIComponent(location.pathname)}`); }
    }, 3000);
  }

  ["keydown", "pointerdown", "scroll"].forEach((kind) => document.addEventListener(kind, () => { active = true; }, { passive: true, capture: true }));
  dialog.addEventListener("close", stay);

  const ticking = setInterval(() => {
    const quiet = Date.now() - told;
    if (quiet >= OUT) {
      leave();
    } else if (active && quiet >= TOLD_EVERY && !dialog.open) {
      stay();
    } else if (quiet >= WARN && !dialog.open && !document.body.classList.contains("is-covered")) {
      dialog.showModal();
    }
  }, 15000);
})();
