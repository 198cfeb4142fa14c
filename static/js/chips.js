/* Deadline chips go on counting while a page is open. The server's words are the first truth. */
(() => {
  "use strict";
  const MINUTE = 60000;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  const words = document.body.dataset;
  const fill = (text, values) => window.recourse.fill(text, values);
  /* A clock that is wrong on this computer must not change what is late. */
  const opened = performance.now();

  function short(span) {
    const length = Math.abs(span);
    if (length < HOUR) { return fill(words.min, { n: Math.max(1, Math.floor(length / MINUTE)) }); }
    if (length < 3 * DAY) { return fill(words.h, { n: Math.floor(length / HOUR) }); }
    return fill(words.d, { n: Math.floor(length / DAY) });
  }

  function refresh(chip, at) {
    const due = Date.parse(chip.dataset.due);
    const start = Date.parse(chip.dataset.start);
    const left = due - at;
    const isPolicy = chip.dataset.kind === "policy";
    const family = left < 0 ? (isPolicy ? "past" : "over") : left <= DAY ? "soon" : "wait";
    const text = left >= 0 ? fill(words.left, { span: short(left) }) : isPolicy ? words.past : fill(words.late, { span: short(left) });
    chip.querySelector("[data-chip-words]").textContent = text;
    chip.classList.remove("chip-wait", "chip-soon", "chip-over", "chip-past");
    chip.classList.add(`chip-${family}`);
    const share = left < 0 ? 100 : start < due ? Math.round((100 * (at - start)) / (due - start)) : 0;
    chip.querySelector("[data-chip-fill]")?.setAttribute("width", String(Math.max(0, Math.min(100, share))));
  }

  const servedAt = Date.parse(words.servedAt);
  if (!Number.isNaN(servedAt)) {
    setInterval(() => {
      const at = servedAt + performance.now() - opened;
      document.querySelectorAll("[data-chip]").forEach((chip) => refresh(chip, at));
    }, MINUTE);
  }
})();
