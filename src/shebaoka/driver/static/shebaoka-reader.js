/* Client of the local reader service (读卡服务). No dependency; works under a strict Content-Security-Policy
   (connect-src ws://127.0.0.1:12342). Protocol: docs/reference/reader-service.md

   const reader = new ShebaokaReader({ language: "zh", onPin: async (ask) => digitsOrNull });
   await reader.connect();
   if (!reader.paired) { await reader.beginPairing("经办柜台"); await reader.finishPairing(code); }
   const card = await reader.basic({ hsm: async (step, out) => keyFromTheOffice });
*/
"use strict";

(function (scope) {
  const PORT = 12342;
  const TO_HSM = new Set([-2201, -2202, -2203, -27272, -24]);
  const STORE = "shebaoka-reader-token";
  const BASIC = [
    "region", "socialNumber", "cardNumber", "identificationCode", "name", "reset", "version", "issued", "expiry",
    "terminal", "device",
  ];

  /* What went wrong: `code` a return code of the driver (a number) or `id` a refusal of the service. */
  class ReaderError extends Error {
    constructor(message, { code = null, id = null } = {}) {
      super(message);
      this.name = "ReaderError";
      this.code = code;
      this.id = id;
    }
  }

  class ShebaokaReader {
    /* port; language zh, en or es; seconds to wait for a reply; onPin(ask) -> digits, or null to cancel, with
       ask = {entry: "pin" | "old" | "new" | "again", seconds, shortest, longest}; storage for the token. */
    constructor({ port = PORT, language = "zh", seconds = 90, onPin = null, storage = scope.localStorage } = {}) {
      Object.assign(this, { port, language, seconds, onPin, storage });
      this.paired = false;
      this.demonstration = false;
      this.socket = null;
      this.waiting = null;
      this.queue = Promise.resolve();
      this.turns = Promise.resolve();
    }

    /* Connects and says hello. Rejects with id "no-service" when the program does not run here or refuses this
       page's origin: a browser does not tell which. */
    async connect() {
      this.close();
      const socket = await new Promise((resolve, reject) => {
        const made = new WebSocket(`ws://127.0.0.1:${this.port}`);
        made.onopen = () => resolve(made);
        made.onerror = () => reject(new ReaderError("no reader service", { id: "no-service" }));
      });
      socket.onmessage = (event) => this.socket === socket && this._heard(event.data);
      socket.onclose = () => this.socket === socket && this.close();
      this.socket = socket;
      return this._greet(this.storage ? this.storage.getItem(STORE) || "" : "");
    }

    close() {
      const socket = this.socket;
      this.socket = null;
      this.paired = false;
      if (socket) socket.close();
      if (this.waiting) this._settle(this.waiting.reject, new ReaderError("connection lost", { id: "lost" }));
    }

    /* The service shows a code in its own window; the person types it into the page. */
    beginPairing(name = "") {
      return this._service({ service: "pair-begin", name });
    }

    async finishPairing(code) {
      const answer = await this._service({ service: "pair", code });
      if (this.storage) this.storage.setItem(STORE, answer.token);
      this.paired = answer.paired;
      return answer;
    }

    async unpair() {
      const answer = await this._service({ service: "unpair" });
      if (this.storage) this.storage.removeItem(STORE);
      this.paired = answer.paired;
      return answer;
    }

    async readers() {
      return (await this._service({ service: "readers" })).readers;
    }

    /* Only in a demonstration: a card into a virtual reader, and out of it. */
    insert(reader, card = "") {
      return this._service({ service: "insert", reader, card });
    }

    remove(reader) {
      return this._service({ service: "remove", reader });
    }

    /* For pages whose office drives the card: its answer to reset, and the response to a command, in hex. */
    async power(reader = "") {
      return (await this._service({ service: "power", reader })).answer;
    }

    async transmit(command) {
      return (await this._service({ service: "transmit", command })).response;
    }

    release() {
      return this._service({ service: "release" });
    }

    /* A card in any reader: its reader, or null when none came in time. */
    async waitForCard(seconds = 60) {
      for (const until = Date.now() + seconds * 1000; Date.now() < until; ) {
        const found = (await this.readers()).find((reader) => reader.card);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      return null;
    }

    /* One function by its name and its parameters by their C names; gives pOutInfo. Rejects with ReaderError. */
    call(name, parameters = {}) {
      return this._turn(() => this._call(name, parameters));
    }

    /* The plain function first; over the HSM when its code says so. hsm(step, out) asks the office for pKey. */
    withHsm(name, parameters, hsm) {
      return this._turn(async () => {
        try {
          return await this._call(name, parameters);
        } catch (error) {
          if (!hsm || !TO_HSM.has(error.code)) throw error;
        }
        return this._steps(name, parameters, hsm);
      });
    }

    /* Over the HSM at once. */
    steps(name, parameters, hsm) {
      return this._turn(() => this._steps(name, parameters, hsm));
    }

    /* Basic data of card and holder as an object. */
    async basic({ iType = 3, hsm = null, reader = "" } = {}) {
      const parameters = reader ? { iType, reader } : { iType };
      const values = (await this.withHsm("iReadCardBas", parameters, hsm)).split("|");
      return Object.fromEntries(BASIC.map((name, number) => [name, values[number] || ""]));
    }

    /* Another call would end the steps of this one, so calls wait for each other. */
    _turn(work) {
      const done = this.turns.then(work);
      this.turns = done.catch(() => {});
      return done;
    }

    async _call(name, parameters) {
      const answer = await this._ask({ ...parameters, function: name });
      if (answer.service === "refused") throw new ReaderError(answer.message, { id: answer.error });
      if (answer.success !== "1") throw new ReaderError(answer.pOutInfo, { code: Number(answer.success) });
      return answer.pOutInfo;
    }

    async _steps(name, parameters, hsm) {
      const last = /PIN$/.test(name) ? 3 : 2;
      let out = await this._call(`${name}_HSM_Step1`, parameters);
      for (let step = 1; step < last; step += 1) {
        let pKey;
        try {
          pKey = await hsm(`${name}_HSM_Step${step}`, out);
        } catch (error) {
          await this.release();
          throw error;
        }
        out = await this._call(`${name}_HSM_Step${step + 1}`, { ...parameters, pKey });
      }
      return out;
    }

    async _greet(token) {
      const answer = await this._service({ service: "hello", token, language: this.language });
      this.paired = answer.paired;
      this.demonstration = answer.demonstration;
      return answer;
    }

    async _service(message) {
      const answer = await this._ask(message);
      if (!answer.ok) throw new ReaderError(answer.message, { id: answer.error });
      return answer;
    }

    /* One request in flight: the next waits for the reply to this one. */
    _ask(message) {
      const sent = this.queue.then(() => this._exchange(message));
      this.queue = sent.catch(() => {});
      return sent;
    }

    _exchange(message) {
      return new Promise((resolve, reject) => {
        if (!this.socket || this.socket.readyState !== WebSocket.OPEN) {
          reject(new ReaderError("not connected", { id: "no-service" }));
          return;
        }
        this.waiting = { resolve, reject, timer: null };
        this._patience(this.seconds);
        this.socket.send(JSON.stringify(message));
      });
    }

    _patience(seconds) {
      clearTimeout(this.waiting.timer);
      this.waiting.timer = setTimeout(() => {
        this._settle(this.waiting.reject, new ReaderError("no reply in time", { id: "timeout" }));
        this.close(); // a late reply must not answer the next request
      }, seconds * 1000);
    }

    _heard(text) {
      const answer = JSON.parse(text);
      if (!this.waiting) return;
      if (answer.service === "pin") this._askForPin(answer, this.waiting);
      else this._settle(this.waiting.resolve, answer);
    }

    async _askForPin(ask, call) {
      let digits = null;
      this._patience(ask.seconds + this.seconds);
      try {
        digits = this.onPin ? await this.onPin(ask) : null;
      } catch {
        // a dialog that fails is one that was given up
      }
      if (this.waiting !== call) return; // the service waited long enough and has answered the call
      const given = typeof digits === "string" && digits !== "";
      this.socket.send(JSON.stringify(given ? { service: "pin", digits } : { service: "cancel" }));
    }

    _settle(end, value) {
      clearTimeout(this.waiting.timer);
      this.waiting = null;
      end(value);
    }
  }

  scope.ShebaokaReader = ShebaokaReader;
  scope.ShebaokaReaderError = ReaderError;
})(globalThis);
