// Forms that are [data-passkey]: the device is asked to "create" or to "get" one before they are sent. What it is asked
// for is in [data-options], or fetched from where the form goes.
(() => {
  const SAYS = {
    NotAllowedError: "No passkey was used. Try again, or use another way.",
    InvalidStateError: "This device or key has a passkey for your account already.",
    SecurityError: "Passkeys need an address with a name, and https unless the name is “localhost”.",
  };

  async function optionsOf(form) {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }

  // It is kept on the device where that can be, so that it signs in alone.
  function stayingThere(options) {
    const wish = { residentKey: "preferred", requireResidentKey: false, userVerification: "preferred" };
    options.publicKey.authenticatorSelection = { ...options.publicKey.authenticatorSelection, ...wish };
    return options;
  }

  async function ask(form) {
    const options = await optionsOf(form);
    if (form.dataset.passkey === "create") return webauthnJSON.create(stayingThere(options));
    return webauthnJSON.get(options);
  }

  function say(form, text) {
    const line = form.querySelector("[data-passkey-error]");
    line.textContent = text;
    line.hidden = !text;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-passkey]")) return;
    event.preventDefault();
    say(form, "");
    if (!window.PublicKeyCredential) return say(form, SAYS.SecurityError);
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
      form.submit();
    } catch ({ name }) {
      say(form, SAYS[name] ?? "That didn’t work. Try again, or use another way.");
    }
  });
})();
