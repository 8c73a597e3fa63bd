"use strict";
// Comforts only; every form works without this file.
const boxes = () => [...document.querySelectorAll('input[name="invoice"][type="checkbox"]:not(:disabled)')];
const all = document.getElementById("all");
const picked = document.getElementById("picked");

function count() {
  const ticked = boxes().filter((box) => box.checked).length;
  picked.textContent = ticked ? `${ticked} geselecteerd` : "";
  all.checked = ticked > 0 && ticked === boxes().length;
  all.indeterminate = ticked > 0 && !all.checked;
}

if (all && picked) {
  all.disabled = boxes().length === 0;
  all.addEventListener("change", () => {
    boxes().forEach((box) => { box.checked = all.checked; });
    count();
  });
  boxes().forEach((box) => box.addEventListener("change", count));
  count();
}

document.querySelectorAll("form[data-confirm]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
});
