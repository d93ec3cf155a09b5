"use strict";

const reader = new ShebaokaReader({ language: "en", port: Number(location.hash.slice(1)) || 12342 });
const part = (id) => document.getElementById(id);

function tell(text) {
  part("told").textContent = text;
}

async function begin() {
  await reader.connect();
  part("pairing").hidden = reader.paired;
  part("read").hidden = !reader.paired;
  part("insert").hidden = !(reader.paired && reader.demonstration);
  if (!reader.paired) {
    await reader.beginPairing(document.title);
    part("code").focus();
  }
}

function doing(work) {
  return async (event) => {
    event.preventDefault();
    try {
      await work();
    } catch (error) {
      tell(error.message);
    }
  };
}

part("pairing").addEventListener("submit", doing(async () => {
  await reader.finishPairing(part("code").value);
  await begin();
}));

part("insert").addEventListener("click", doing(async () => {
  const virtual = (await reader.readers()).find((one) => one.virtual);
  await reader.insert(virtual.name);
  tell(`A card is in the reader ${virtual.name}.`);
}));

part("read").addEventListener("click", doing(async () => {
  const card = await reader.basic();
  tell(`${card.name}, card ${card.cardNumber}, valid until ${card.expiry}`);
}));

begin().catch((error) => tell(error.message));
