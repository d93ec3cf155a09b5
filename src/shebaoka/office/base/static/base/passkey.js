// Passkeys need a script. Without one the section stays hidden and the code works.
"use strict";
(() => {
  const section = document.querySelector("[data-passkey]");
  if (!section || !window.PublicKeyCredential) return;
  const button = section.querySelector("button");
  const error = section.querySelector("[role=alert]");
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const post = async (fields) => {
    const body = new URLSearchParams(fields);
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    const response = await fetch(section.dataset.passkey, { method: "POST", body });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  };
  const list = (items) => (items || []).map((each) => ({ ...each, id: bytes(each.id) }));
  const prove = async (options) => {
    const publicKey = {
      ...options, challenge: bytes(options.challenge), allowCredentials: list(options.allowCredentials),
    };
    return navigator.credentials.get({ publicKey });
  };
  const make = async (options) => {
    const publicKey = {
      ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: list(options.excludeCredentials),
    };
    return navigator.credentials.create({ publicKey });
  };
  const told = (credential) => {
    const { response } = credential;
    const fields = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) fields[name] = text(response[name]);
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: fields,
      clientExtensionResults: {},
    });
  };
  const run = async () => {
    error.textContent = "";
    button.disabled = true;
    try {
      const label = section.querySelector("input:not([type=hidden])");
      const options = await post({});
      const credential = await ("makes" in section.dataset ? make(options) : prove(options));
      const answer = await post({ answer: told(credential), label: label ? label.value : "" });
      window.location.assign(answer.next);
    } catch (problem) {
      error.textContent = problem.message;
    } finally {
      button.disabled = false;
    }
  };
  button.addEventListener("click", run);
  section.hidden = false;
  const without = document.querySelector("[data-passkey-without]");
  if (without) without.hidden = true;
})();
