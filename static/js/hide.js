/* Hide screen: a neutral cover over a page that stays as it is. Within a minute a click or Enter
   brings it back, after that the password does. Shift pressed three times alone covers too. */
(() => {
  "use strict";
  const cover = document.getElementById("cover");
  if (!cover) { return; }
  const form = cover.querySelector("[data-cover-form]");
  const password = cover.querySelector("[data-cover-password]");
  const FREE = 60000;
  const BETWEEN = 5000;
  let title = "";
  let since = 0;
  let focused = null;
  let asking = 0;
  let covering = null;

  function hide() {
    if (document.body.classList.contains("is-covered")) { return; }
    window.dispatchEvent(new Event("recourse:save"));
    window.recourse.veilAll();
    document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
    focused = document.activeElement;
    title = document.title;
    document.title = cover.dataset.title;
    since = performance.now();
    password.hidden = true;
    cover.hidden = false;
    document.body.classList.add("is-covered");
    form.querySelector("button").focus();
    covering = post(cover.dataset.coverUrl, {}).catch(() => {});
    asking = setTimeout(() => { password.hidden = false; password.querySelector("input").focus(); }, FREE);
  }

  function show() {
    clearTimeout(asking);
    cover.hidden = true;
    document.body.classList.remove("is-covered");
    document.title = title;
    password.querySelector("input").value = "";
    focused?.focus?.();
    const here = new URL(location.href);
    if (here.searchParams.has("hidden")) { here.searchParams.delete("hidden"); history.replaceState(null, "", here); }
  }

  function post(url, values) {
    return fetch(url, { method: "POST", body: new URLSearchParams(values), headers: { "X-CSRFToken": window.recourse.token(cover) }, keepalive: true });
  }

  /* The server keeps the cover too, so that a reload or another tab does not get round it. Without a
     connection the free minute still ends here, and the server asks at the next page. */
  async function opens() {
    const free = performance.now() - since < FREE;
    await covering;
    try {
      const answer = await post(cover.dataset.uncoverUrl, { password: password.querySelector("input").value });
      return answer.ok;
    } catch {
      return free;
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const error = password.querySelector("[data-cover-error]");
    error.textContent = "";
    if (await opens()) { show(); return; }
    password.hidden = false;
    password.querySelector("input").focus();
    if (password.querySelector("input").value) { error.textContent = error.dataset.words; }
  });

  document.querySelectorAll("[data-hide]").forEach((button) => button.addEventListener("click", hide));

  let presses = [];
  let alone = false;
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key !== "Shift") { presses = []; }
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) { return; }
    const at = performance.now();
    presses = presses.length && at - presses[presses.length - 1] > BETWEEN ? [at] : [...presses, at];
    if (presses.length === 3) { presses = []; hide(); }
  });
  /* Selecting text with Shift and the mouse is no signal. */
  document.addEventListener("pointerdown", () => { presses = []; alone = false; });

  /* "Save and hide" answers with a page that is covered from the start. */
  if (cover.matches("[data-hide-now]")) { hide(); }
})();
