/* The command palette: everything on the page that says data-jump, found by its words. */
(() => {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const [field, list, none] = [".pal-q", ".pal-l", ".pal-none"].map((part) => palette.querySelector(part));
  const ORDER = ["Action", "Go to", "Site", "Found"];
  const MOST = 30;
  let chosen = 0;

  const words = (element) =>
    (element.dataset.jumpTitle ?? element.title ?? "").trim() || element.querySelector("b, .t")?.textContent.trim() ||
    element.textContent.trim();
  const offered = () =>
    [...document.querySelectorAll("[data-jump]")]
      .filter((element) => element.getAttribute("aria-disabled") !== "true")
      .map((element) => ({ element, group: element.dataset.jump, title: words(element) }));
  const matches = (title, asked) => asked.every((word) => title.toLowerCase().includes(word));

  const option = ({ element, group, title }, index) => {
    const item = document.createElement("div");
    Object.assign(item, { className: "pal-i", id: `pal-${index}`, role: "option" });
    item.setAttribute("aria-selected", "false");
    const picture = element.querySelector("svg.i, .site-mark")?.cloneNode(true);
    const tile = document.createElement("span");
    tile.className = "tile tile-sm";
    if (picture) tile.append(picture);
    const [name, kind] = [document.createElement("span"), document.createElement("small")];
    name.textContent = title;
    kind.textContent = group;
    item.append(tile, name, kind);
    item.addEventListener("click", () => take(element));
    return item;
  };
  const take = (element) => {
    palette.close();
    element.click();
  };
  const choose = (index) => {
    const items = [...list.children];
    if (!items.length) return field.removeAttribute("aria-activedescendant");
    chosen = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    items[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", items[chosen].id);
  };
  const show = () => {
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = offered().filter(({ title }) => matches(title, asked));
    found.sort((one, other) => ORDER.indexOf(one.group) - ORDER.indexOf(other.group));
    list.replaceChildren(...found.slice(0, MOST).map(option));
    none.hidden = found.length > 0;
    choose(0);
  };

  field.addEventListener("input", show);
  palette.addEventListener("dialog:open", () => {
    field.value = "";
    show();
  });
  palette.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" && event.target === field) list.children[chosen]?.click();
    else return;
    event.preventDefault();
  });
})();
