/* A file dropped anywhere on the drop area is as good as one chosen. */
(() => {
  document.querySelectorAll("[data-drop]").forEach((area) => {
    const field = area.querySelector("input[type=file]");
    const chosen = area.querySelector("[data-chosen]");
    const say = () => (chosen.textContent = [...field.files].map((file) => file.name).join(", "));
    ["dragenter", "dragover"].forEach((name) =>
      area.addEventListener(name, (event) => {
        event.preventDefault();
        area.classList.add("over");
      }),
    );
    ["dragleave", "drop"].forEach((name) => area.addEventListener(name, () => area.classList.remove("over")));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      field.files = event.dataTransfer.files;
      say();
    });
    field.addEventListener("change", say);
  });
})();
