/* Live parts: an element with data-live asks its address again, sooner while something runs, not while hidden.
   The answer says how long to wait (data-live seconds of the new element); 204 means nothing has changed. */
(() => {
  const OFFLINE_AFTER = 2;
  const SOON = 1000;
  let failures = 0;
  let timer = 0;
  const part = () => document.querySelector("[data-live]");
  const seconds = () => Number(part()?.dataset.live ?? 15);

  const plan = () => {
    clearTimeout(timer);
    if (part() && document.visibilityState === "visible") timer = setTimeout(ask, seconds() * 1000);
  };
  const ask = () => {
    if (document.visibilityState === "visible") part()?.dispatchEvent(new CustomEvent("live"));
  };
  const tell = (isFine) => {
    failures = isFine ? 0 : failures + 1;
    const isOff = failures >= OFFLINE_AFTER;
    document.documentElement.classList.toggle("is-offline", isOff);
    const sign = document.querySelector("[data-live-sign]");
    const text = isOff ? "Connection lost, trying again" : sign?.dataset.liveSign;
    if (sign && sign.querySelector(".t").textContent !== text) sign.querySelector(".t").textContent = text;
  };
  const keepTitle = () => {
    const title = part()?.dataset.title;
    if (title && document.title !== title) document.title = title;
  };

  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx ?? {};
    if (sourceElement !== part()) return;
    if (response.status === 404 || response.raw.redirected) return location.reload();
    tell(response.status < 500);
  });
  document.addEventListener("htmx:error", () => tell(false));
  document.addEventListener("htmx:finally:request", plan);
  /* What a person did is shown at once; once more, since another process may still answer with the blink before. */
  document.addEventListener("live:now", () => {
    ask();
    setTimeout(ask, SOON);
  });
  document.addEventListener("htmx:after:swap", keepTitle);

  /* A button that goes because of what was done hands the focus to what stands in its place. */
  let focused = null;
  document.addEventListener("htmx:before:swap", () => {
    const now = document.activeElement;
    focused = part()?.contains(now) ? { element: now, isAct: Boolean(now.closest(".pstat")) } : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!focused || focused.element.isConnected) return;
    const heir = focused.isAct && document.querySelector(".pstat .btn-primary");
    (heir || document.getElementById("main")).focus({ preventScroll: true });
    focused = null;
  });
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? ask() : clearTimeout(timer)));

  /* Follow: the newest line stays in sight until somebody scrolls away from it. */
  const following = () => document.querySelector('[data-follow][aria-pressed="true"]');
  const follow = () => {
    const list = following() && document.getElementById(following().dataset.follow);
    if (list && list.scrollTop) list.scrollTop = 0;
  };
  const setFollow = (isOn) => document.querySelector("[data-follow]")?.setAttribute("aria-pressed", String(isOn));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-follow]");
    if (!button) return;
    setFollow(button.getAttribute("aria-pressed") !== "true");
    follow();
  });
  document.addEventListener("wheel", (event) => event.target.closest?.("#log") && event.deltaY > 0 && setFollow(false), { passive: true });
  document.addEventListener("htmx:after:swap", follow);

  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const ago = (moment) => {
    const left = (new Date(moment) - Date.now()) / 1000;
    const [unit, size] = UNITS.find(([, size]) => Math.abs(left) >= size) ?? ["minute", 60];
    return relative.format(Math.trunc(left / size), unit);
  };
  const tellTimes = () =>
    document.querySelectorAll("time[data-relative]").forEach((time) => {
      const text = ago(time.dateTime);
      if (time.textContent !== text) time.textContent = text;
    });

  setInterval(tellTimes, 30000);
  document.addEventListener("htmx:after:swap", tellTimes);
  tellTimes();
  plan();
})();
