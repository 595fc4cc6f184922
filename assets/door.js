/* The door: the look the viewer chose before, and a code that sends itself when it is complete. All of it works without. */
(function () {
  "use strict";
  try {
    const kept = localStorage.getItem("scheme");
    if (kept === "light" || kept === "dark") document.documentElement.dataset.scheme = kept;
  } catch (forbidden) { /* a browser that keeps nothing */ }
  const first = document.querySelector("form.door input:not([type=hidden]):not([readonly])");
  if (first) first.focus();
  const token = document.querySelector("form[action='/sign-in/screen'] input[name=token]");
  if (token && location.hash.length > 10) {
    token.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
    token.form.requestSubmit();
  }
  const code = document.querySelector("input.code");
  if (code) code.addEventListener("input", () => {
    code.value = code.value.normalize("NFKC").replace(/\D/g, "").slice(0, 6);
    if (code.value.length === 6) code.form.requestSubmit();
  });
})();
