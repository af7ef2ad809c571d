/* Passkeys, showing a password, copying a code or link. Sign-in by password works without it. */
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];

  const say = (form, sentence) => {
    const place = form.querySelector("[role=alert]");
    place.textContent = sentence;
    place.hidden = false;
  };
  const why = (error) =>
    error.name === "NotAllowedError" ? "That was cancelled or took too long. Try again."
    : error.name === "InvalidStateError" ? "This device has a passkey for you already."
    : "This browser could not use a passkey here. A password works everywhere.";

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).request_options;
  };
  const ceremonies = {
    get: ({ publicKey }) =>
      navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) }),
    create: ({ publicKey }) => {
      const wanted = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
      publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, ...wanted };
      return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
    },
  };

  all("form[data-passkey]").forEach((form) =>
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      try {
        const credential = await ceremonies[form.dataset.passkey](await optionsOf(form));
        form.elements.credential.value = JSON.stringify(credential.toJSON());
        form.submit();
      } catch (error) {
        say(form, why(error));
        button.disabled = false;
      }
    }),
  );

  document.addEventListener("click", async (event) => {
    const reveal = event.target.closest("[data-reveal]");
    if (reveal) {
      const input = document.getElementById(reveal.dataset.reveal);
      const isShown = input.type === "password";
      input.type = isShown ? "text" : "password";
      reveal.setAttribute("aria-pressed", String(isShown));
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      const from = document.getElementById(copy.dataset.copy);
      await navigator.clipboard.writeText((from.value ?? from.textContent).trim());
      copy.querySelector("span").textContent = "Copied";
    }
  });
})();
