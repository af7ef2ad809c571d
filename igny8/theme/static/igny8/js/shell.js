/* Theme, drawer, dialogs and toasts. Every page works without it; with it, it is nicer. */
(() => {
  const root = document.documentElement;
  const all = (selector, place = document) => [...place.querySelectorAll(selector)];

  const showTheme = () =>
    all("[data-theme-choice]").forEach((button) =>
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (localStorage.theme ?? ""))),
    );
  const chooseTheme = (name) => {
    if (name) localStorage.theme = root.dataset.theme = name;
    else {
      delete localStorage.theme;
      delete root.dataset.theme;
    }
    showTheme();
  };
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  const drawer = () => document.getElementById("side");
  const moveDrawer = (isOpen) => {
    const menu = document.querySelector("[data-menu]");
    if (!menu || drawer().classList.contains("drawer") === isOpen) return;
    drawer().classList.toggle("drawer", isOpen);
    menu.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? drawer().querySelector("a, button") : menu).focus();
  };

  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    document.querySelectorAll("[popover]:popover-open").forEach((pop) => pop.hidePopover());
    dialog.showModal();
    dialog.dispatchEvent(new CustomEvent("dialog:open", { bubbles: true }));
  };

  const retire = (toast) => {
    const last = toast.querySelector("a, button:not([data-dismiss])") ? 8000 : 5000;
    let timer = 0;
    const start = () => (timer = setTimeout(() => toast.remove(), last));
    const stop = () => clearTimeout(timer);
    ["mouseenter", "focusin"].forEach((name) => toast.addEventListener(name, stop));
    ["mouseleave", "focusout"].forEach((name) => toast.addEventListener(name, start));
    if (!toast.matches(".is-error")) start();
  };
  const watchToasts = () => all("#toasts .toast:not([data-seen])").forEach((toast) => {
    toast.dataset.seen = "";
    retire(toast);
  });

  /* Only a click that also began beside a dialog closes it: text is selected past its edge, too. */
  let pressed = null;
  document.addEventListener("pointerdown", (event) => (pressed = event.target));
  const leaving = (event, closer) => {
    const isBeside = event.target.matches("dialog.modal") && pressed === event.target;
    return isBeside ? event.target : closer?.closest("dialog[open]");
  };

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    if (on('[aria-disabled="true"]')) return event.preventDefault();
    if (on("[data-theme-toggle]")) chooseTheme(isDark() ? "light" : "dark");
    if (on("[data-theme-choice]")) chooseTheme(on("[data-theme-choice]").dataset.themeChoice);
    if (on("[data-dismiss]")) on(".toast").remove();
    if (on("[data-menu]")) return moveDrawer(!drawer().classList.contains("drawer"));
    if (drawer() && !on("#side")) moveDrawer(false);
    const dialog = leaving(event, on("[data-close]"));
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
    if (on("[data-open]")) {
      event.preventDefault();
      openDialog(on("[data-open]").dataset.open);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawer()?.classList.contains("drawer")) moveDrawer(false);
  });
  const sayToast = ({ text, level }) => {
    const toast = document.createElement("div");
    toast.className = `toast is-${level}`;
    toast.append(document.getElementById("toast-parts").content.cloneNode(true));
    toast.querySelector("span").textContent = text;
    toast.querySelector(level === "error" ? ".when-fine" : ".when-error").remove();
    document.getElementById("toasts").append(toast);
    watchToasts();
  };
  document.addEventListener("said", (event) => {
    document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
    const isDone = event.detail.level !== "error";
    if (isDone && !document.querySelector("[data-live]")) return location.reload();
    sayToast(event.detail);
    document.dispatchEvent(new CustomEvent("live:now"));
  });
  document.addEventListener("away", (event) => {
    const isSaid = all("#toasts .toast").some((toast) => toast.textContent === event.detail.text);
    if (!isSaid) sayToast(event.detail);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail?.ctx?.target;
    if (target?.id === "dialog") openDialog("dialog");
    watchToasts();
  });
  document.addEventListener("dialog:wanted", (event) => openDialog(event.detail));

  const guessZone = (field) => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...field.list.options].some((option) => option.value === own)) field.value = own;
  };

  showTheme();
  watchToasts();
  all("[data-guess=zone]").forEach(guessZone);
  all("dialog[data-opened]").forEach((dialog) => openDialog(dialog.id));
})();
