/* What a page of the office does with the reader service of the computer it is shown on: proves card and PIN,
   asks for the PIN's state, lets a deed of the office speak to the card. Without it the page works by typing. */
"use strict";

(function () {
  if (!document.getElementById("reader") || !globalThis.ShebaokaReader) return;
  const { port, language } = document.getElementById("reader").dataset;
  const LAST = "shebaoka-demonstration-card";
  const panel = () => document.getElementById("reader");
  const part = (name) => document.getElementById(`reader-${name}`);
  const text = (id) => part("texts").content.querySelector(`[data-say="${id}"]`)?.textContent ?? id;
  const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
  const reader = new ShebaokaReader({ port: Number(port), language, onPin: askForPin });

  function say(words) {
    panel().hidden = false;
    part("status").textContent = words;
  }

  /* Resolves with the button of `names` that is pressed; Enter in `input` is the first. */
  function pressed(box, names, input) {
    box.hidden = false;
    if (input) input.focus();
    return new Promise((resolve) => {
      const ends = new AbortController();
      const end = (name) => { ends.abort(); box.hidden = true; resolve(name); };
      for (const name of names) part(name).addEventListener("click", () => end(name), { signal: ends.signal });
      if (input) {
        input.addEventListener("keydown", (event) => {
          if (event.key === "Enter") { event.preventDefault(); end(names[0]); }
        }, { signal: ends.signal });
      }
    });
  }

  async function askForPin(ask) {
    const input = part("digits");
    part("ask").textContent = text(`pin-${ask.entry}`);
    say(text("pin"));
    const name = await pressed(part("pin"), ["ok", "cancel"], input);
    const digits = name === "ok" ? input.value : null;
    input.value = "";
    say(text("working"));
    return digits;
  }

  let connecting = null;
  function connected() {
    if (reader.socket) return Promise.resolve();
    connecting = connecting || reader.connect().finally(() => { connecting = null; });
    return connecting;
  }

  async function ready() {
    say(text("connecting"));
    await connected();
    while (!reader.paired) {
      await reader.beginPairing(panel().dataset.name);
      say(text("pair"));
      await pressed(part("pairing"), ["pair"], part("code"));
      try {
        await reader.finishPairing(part("code").value.trim());
      } catch (error) {
        if (error.id !== "pairing-wrong") throw error;
      }
      part("code").value = "";
    }
    await virtual();
    say(text("put"));
    const found = await reader.waitForCard(90);
    if (!found) throw new ShebaokaReaderError(text("no-card"));
    say(text("working"));
    return found;
  }

  /* In a demonstration cards are put in by a click; the reader keeps its card from page to page. */
  async function virtual() {
    if (!reader.demonstration) return;
    const found = (await reader.readers()).find((each) => each.virtual);
    if (!found) return;
    part("card").replaceChildren(...found.cards.map((card) => new Option(card.replace(/\.card$/, ""), card)));
    const last = sessionStorage.getItem(LAST);
    if (last === null) sessionStorage.setItem(LAST, "");
    if (found.cards.includes(last)) part("card").value = last;
    part("insert").onclick = () => {
      sessionStorage.setItem(LAST, part("card").value);
      reader.insert(found.name, part("card").value).catch(failed);
    };
    part("remove").onclick = () => reader.remove(found.name).catch(failed);
    part("virtual").hidden = false;
  }

  /* Once a virtual reader was met, pages show it before anything is asked of a card. */
  function foresee() {
    if (sessionStorage.getItem(LAST) === null) return;
    connected().then(virtual).then(() => { panel().hidden = !reader.demonstration; }).catch(() => {});
  }

  const failed = (error) => say(error.id === "no-service" ? text("no-service") : error.message);

  async function prove(form) {
    const found = await ready();
    const given = { iType: 3, reader: found.name, pChallenge: form.dataset.cardProof };
    form.elements.code.value = await reader.call("iProveHolder", given);
    say(text("sent"));
    form.submit();
  }

  async function pinState(button) {
    const found = await ready();
    const [set, tries] = (await reader.call("iPinState", { iType: 3, reader: found.name })).split("|");
    const state = set !== "1" ? "none" : tries === "0" ? "blocked" : "set";
    const choice = button.form?.querySelector(`[name="pin"][value="${state}"]`);
    if (choice) choice.checked = true;
    say(state === "set" ? `${text("state-set")} ${tries}` : text(`state-${state}`));
  }

  /* One piece of work at a time, its trouble told in the panel. */
  let busy = false;
  async function once(work) {
    if (busy) return;
    busy = true;
    try {
      await work();
    } catch (error) {
      failed(error);
    } finally {
      busy = false;
    }
  }

  /* A deed of the office drives the card: the form goes out with the number of a channel, and until its answer
     is there the page fetches what the card is asked next. Never twice: a lost answer ends it. */
  async function drive(form, button) {
    let found;
    try {
      found = await ready();
    } catch (error) {
      if (error.id !== "no-service") throw error;
      form.submit(); // the office says what it can do without a reader
      return;
    }
    const drawn = crypto.getRandomValues(new Uint8Array(16));
    const channel = Array.from(drawn, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const given = new FormData(form, button);
    const get = form.method === "get";
    const where = get ? `${form.action}?${new URLSearchParams(given)}` : form.action;
    const headers = { "X-Card-Channel": channel };
    let over = false;
    const sent = fetch(where, get ? { headers } : { method: "POST", headers, body: given });
    sent.then(() => { over = true; }, () => { over = true; });
    let told = { number: 0, answer: "", trouble: "" };
    while (!over) {
      const order = await next(channel, told);
      if (order.do === "over") break;
      if (order.do === "wait") await pause(100);
      else told = { number: order.number, answer: "", trouble: "", ...await obey(order, found.name) };
    }
    const answer = await sent;
    await reader.release().catch(() => {});
    const to = answer.headers.get("X-Location");
    if (to) location.assign(to);
    else show(await answer.text());
  }

  async function next(channel, told) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "X-CSRFToken": token, "Content-Type": "application/json" };
    const body = JSON.stringify(told);
    const answer = await fetch(panel().dataset.exchange + channel, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(text("lost"));
    return answer.json();
  }

  async function obey(order, name) {
    try {
      if (order.do === "power") return { answer: await reader.power(name) };
      if (order.do === "transmit") return { answer: await reader.transmit(order.command) };
      await reader.release();
      return {};
    } catch (error) {
      return { trouble: error.message };
    }
  }

  /* A page that came back instead of a redirect: errors of the form, or what was read. */
  function show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    document.getElementById("main").replaceWith(document.adoptNode(page.getElementById("main")));
    document.title = page.title;
    dress();
    document.querySelector("#error-summary, #main").focus();
  }

  function dress() {
    for (const form of document.querySelectorAll("form[data-card-proof], form[data-card-channel]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        once(() => ("cardProof" in form.dataset ? prove(form) : drive(form, event.submitter)));
      });
    }
    for (const button of document.querySelectorAll("button[data-card-pin]")) {
      button.hidden = false;
      button.addEventListener("click", () => once(() => pinState(button)));
    }
    foresee();
  }

  dress();
})();
