/* Keys: Ctrl K, ?, G and a letter, and the single letters that a page gives to its buttons by data-key. */
(() => {
  const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const isOff = () => localStorage.singleKeys === "off";
  const want = (id) => document.dispatchEvent(new CustomEvent("dialog:wanted", { detail: id }));
  let isGoing = false;

  const go = (key) => {
    isGoing = false;
    const place = document.querySelector(`[data-go="${CSS.escape(key.toUpperCase())}"]`);
    if (place) location.assign(place.dataset.href);
    return Boolean(place);
  };
  const press = (key) => {
    const button = document.querySelector(`[data-key="${CSS.escape(key.toUpperCase())}"]`);
    button?.click();
    return Boolean(button);
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return want("palette");
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") return want("shortcuts");
    if (isOff() || event.key.length !== 1) return;
    if (isGoing ? go(event.key) : press(event.key)) return event.preventDefault();
    if (event.key.toLowerCase() === "g") {
      isGoing = true;
      setTimeout(() => (isGoing = false), 1500);
    }
  });

  const toggle = document.querySelector("[data-single-keys]");
  if (toggle) {
    toggle.checked = !isOff();
    toggle.addEventListener("change", () => (localStorage.singleKeys = toggle.checked ? "on" : "off"));
  }
})();
