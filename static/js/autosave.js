/* Forms with data-autosave-url are saved on the server while somebody types: two seconds after the
   last key, on leaving a field, on leaving the page. Nothing is kept in the browser's storage. */
(() => {
  "use strict";
  const PAUSE = 2000;
  const AGAIN = 10000;
  const PATIENCE = 4000;
  const words = document.body.dataset;
  const line = document.querySelector("[data-save-state]");

  function tell(state, text) {
    if (!line) { return; }
    if (line.dataset.state === state && state === "saving") { return; }
    /* Only a change between saved and not saved is announced, not each saving. */
    line.setAttribute("aria-live", state === "failed" || line.dataset.state === "failed" ? "polite" : "off");
    line.dataset.state = state;
    line.textContent = text;
  }

  function watch(form) {
    const own = { timer: 0, running: false, dirty: false, sent: "", pressed: undefined, left: false };
    const body = () => {
      const data = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string") { data.append(name, value); }
      }
      data.set("version", form.dataset.version || "");
      return data;
    };
    const content = () => { const data = body(); data.delete("version"); return data.toString(); };
    own.sent = content();

    async function save(keepalive) {
      clearTimeout(own.timer);
      if (own.running) { own.dirty = true; return; }
      const now = content();
      if (now === own.sent) { return; }
      own.running = true;
      own.dirty = false;
      tell("saving", words.saving);
      try {
        const answer = await fetch(form.dataset.autosaveUrl, {
          method: "POST", body: body(), keepalive, redirect: "manual",
          headers: { "X-CSRFToken": window.recourse.token(form), "X-Background": "1", Accept: "application/json" },
        });
        await understand(answer, now);
      } catch {
        failed();
      } finally {
        own.running = false;
        if (own.pressed !== undefined) { leave(); } else if (own.dirty) { own.timer = setTimeout(save, PAUSE); }
      }
    }

    async function understand(answer, now) {
      if (answer.status === 409) { await conflict(answer); return; }
      if (answer.status === 401) { signedOut(); return; }
      if (!answer.ok) { failed(); return; }
      const told = await answer.json();
      own.sent = now;
      if (told.version !== undefined) {
        form.dataset.version = told.version;
        form.querySelectorAll("input[type=hidden][name=version]").forEach((field) => { field.value = told.version; });
      }
      tell("saved", window.recourse.fill(words.saved, { time: told.saved_at }));
      document.body.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: told }));
    }

    /* Somebody else saved in between: the page with both texts is asked for by an ordinary POST, so
       that what was typed travels along. */
    async function conflict(answer) {
      failed();
      const told = await answer.json().catch(() => ({}));
      if (told.url) { own.pressed = undefined; own.left = true; form.action = told.url; form.noValidate = true; form.submit(); }
    }

    /* Pressing Save leaves a field, and that saves: the press waits for it, since both build on the
       same version and the slower of the two would meet the other as somebody else's change. */
    function press(event) {
      clearTimeout(own.timer);
      if (own.pressed !== undefined) { event.preventDefault(); return; }
      if (own.running && !own.left) {
        event.preventDefault();
        own.pressed = event.submitter;
        setTimeout(leave, PATIENCE);
        return;
      }
      own.sent = content();
    }

    function leave() {
      if (own.pressed === undefined) { return; }
      const button = own.pressed;
      own.pressed = undefined;
      own.left = true;
      form.requestSubmit(button);
    }

    /* The text waits in the page: pressing Save takes it along through the sign-in. */
    function signedOut() {
      tell("failed", words.signedOut);
      form.dataset.signedOut = "1";
    }

    function failed() {
      tell("failed", words.notSaved);
      own.timer = setTimeout(save, AGAIN);
    }

    form.addEventListener("input", () => { clearTimeout(own.timer); own.timer = setTimeout(save, PAUSE); });
    form.addEventListener("change", () => { clearTimeout(own.timer); own.timer = setTimeout(save, PAUSE / 4); });
    form.addEventListener("focusout", () => save(false));
    form.addEventListener("submit", press);
    window.addEventListener("pagehide", () => save(true));
    window.addEventListener("online", () => save(false));
    window.addEventListener("recourse:save", () => save(true));
  }

  document.querySelectorAll("form[data-autosave-url]").forEach(watch);
})();
