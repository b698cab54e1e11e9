// The composer: a growing text field, two pickers, and one button that sends or stops.
const field = () => byId("question");
const choices = () => ({ model: byId("model").value, search: byId("search").value });

function fitField() {
  const area = field();
  if (!CSS.supports("field-sizing", "content")) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }
  document.querySelector("[data-send]").disabled = !area.value.trim();
}

function setRunning(running) {
  document.querySelector("[data-send]").hidden = running;
  document.querySelector("[data-do='stop']").hidden = !running;
}

function setChoices({ model, search }) {
  if (model) byId("model").value = model;
  if (search) byId("search").value = search;
}
