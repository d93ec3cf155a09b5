// Warns before a session ends, lengthens it by one act, and leaves the page when it is over. Without a script
// the page says until when, and the button beside it does the same.
"use strict";
(() => {
  const section = document.querySelector("[data-left]");
  const dialog = section && section.querySelector("dialog");
  if (!dialog || !dialog.showModal) return;
  const form = section.querySelector("form");
  const until = section.querySelector("time");
  const minutes = section.querySelector("[data-minutes]");
  const warn = Number(section.dataset.warn) * 1000;
  let end = 0;
  let timer = 0;
  let telling = "";
  const left = () => end - Date.now();
  // where nothing is lost by the end, the page stays and goes on asking
  const leave = () => {
    if (section.dataset.gone) return window.location.replace(section.dataset.gone);
    minutes.textContent = "0";
    return dialog.open || dialog.showModal();
  };
  const look = () => {
    window.clearTimeout(timer);
    if (left() <= 0) {
      ask("GET").catch(leave);
      return;
    }
    if (left() <= warn) {
      if (!dialog.open) dialog.showModal();
      const now = String(Math.ceil(left() / 60000));
      if (now !== telling) minutes.textContent = telling = now;
    } else if (dialog.open) {
      dialog.close();
    }
    timer = window.setTimeout(look, left() <= warn ? Math.min(left(), 5000) : left() - warn);
  };
  const set = (seconds, words) => {
    end = Date.now() + seconds * 1000;
    telling = "";
    if (words && until) until.textContent = words;
    look();
  };
  const ask = async (method) => {
    const body = method === "POST" ? new URLSearchParams(new FormData(form)) : undefined;
    const answer = await fetch(section.dataset.stay, { method, body, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    if (!(told.left > 0)) return leave();
    return set(told.left, told.until);
  };
  dialog.querySelector("button").addEventListener("click", () => ask("POST").catch(leave));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    ask("POST").catch(leave);
  });
  // a page that comes back from sleep or from the browser's memory asks how long it has
  window.addEventListener("pageshow", (event) => { if (event.persisted) ask("GET").catch(leave); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  set(Number(section.dataset.left));
})();
