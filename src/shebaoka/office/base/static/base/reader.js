/* What a page of the office does with the reader service of the computer it is shown on: proves card and PIN,
   asks for the PIN's state, lets a deed of the office speak to the card. Without it the page works by typing. */
"use strict";

(function () {
  const panel = document.getElementById("reader");
  if (!panel || !globalThis.ShebaokaReader) return;
  const part = (name) => document.getElementById(`reader-${name}`);
  const text = (id) => part("texts").content.querySelector(`[data-say="${id}"]`)?.textContent ?? id;
  const reader = new ShebaokaReader({
    port: Number(panel.dataset.port), language: panel.dataset.language, onPin: askForPin,
  });

  function say(words) {
    panel.hidden = false;
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

  async function ready() {
    say(text("connecting"));
    if (!reader.socket) await reader.connect();
    while (!reader.paired) {
      await reader.beginPairing(panel.dataset.name);
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
    part("virtual").hidden = false;
    part("card").replaceChildren(...found.cards.map((card) => new Option(card.replace(/\.card$/, ""), card)));
    part("insert").onclick = () => reader.insert(found.name, part("card").value);
    part("remove").onclick = () => reader.remove(found.name);
    if (!found.card) part("card").focus();
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

  for (const form of document.querySelectorAll("form[data-card-proof]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      once(() => prove(form));
    });
  }
  for (const button of document.querySelectorAll("button[data-card-pin]")) {
    button.hidden = false;
    button.addEventListener("click", () => once(() => pinState(button)));
  }
})();
