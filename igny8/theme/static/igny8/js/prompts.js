/* The prompt editor: line numbers keep up with typing, chips insert, unsaved text is not left by accident. */
(() => {
  const [form, text, gutter] = ["prompt-form", "prompt-text", "prompt-gutter"].map((id) => document.getElementById(id));
  document.querySelector(".prm-l [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  if (text.readOnly) return;
  document.getElementById("prompt-check").remove();
  const MOST = 2000;
  const saved = text.defaultValue;
  let isSending = false;

  const number = () => {
    const lines = Math.min(text.value.split("\n").length, MOST);
    text.rows = lines;
    while (gutter.children.length > lines) gutter.lastElementChild.remove();
    while (gutter.children.length < lines)
      gutter.append(Object.assign(document.createElement("li"), { textContent: gutter.children.length + 1 }));
  };
  const mark = () => {
    const isWrong = Boolean(document.querySelector("#prompt-says .is-bad"));
    document.getElementById("prompt-editor").classList.toggle("bad", isWrong);
    text.toggleAttribute("aria-invalid", isWrong);
    if (isWrong) text.setAttribute("aria-invalid", "true");
  };

  text.addEventListener("input", number);
  document.addEventListener("htmx:after:swap", mark);
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-insert]");
    if (!chip) return;
    text.focus();
    text.setRangeText(chip.dataset.insert, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("submit", () => (isSending = true));
  window.addEventListener("beforeunload", (event) => {
    if (!isSending && text.value !== saved) event.preventDefault();
  });
})();
