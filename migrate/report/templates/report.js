"use strict";
// Each table: filter by text, word and record; sort by a header; a page of rows at a time. Data only ever become text.
for (const section of document.querySelectorAll("[data-grid]")) {
  const SIZE = 100;
  const columns = JSON.parse(section.querySelector("script").textContent);
  const headers = [...section.querySelectorAll("th")];
  const names = headers.map((header) => header.textContent);
  const body = section.querySelector("tbody");
  const controls = section.querySelector(".controls");
  const status = section.querySelector("[role=status]");
  const steps = [...section.querySelectorAll("[data-step]")];
  const tones = new Map([...controls.word.options].map((option) => [option.value, option.dataset.tone]));
  const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;
  const total = columns[0].length;
  const number = (value) => value.toLocaleString("en-US");
  let rows = [];
  let first = 0;
  let sorted = -1;
  let direction = 1;

  function choose() {
    const text = controls.text.value.trim().toLowerCase();
    const word = controls.word.value;
    const record = controls.record.value;
    rows = [];
    for (let row = 0; row < total; row += 1) {
      if (word && columns[0][row] !== word) continue;
      if (record && columns[1][row] !== record) continue;
      if (text && !columns.some((column) => column[row] !== null && column[row].toLowerCase().includes(text))) continue;
      rows.push(row);
    }
    if (sorted >= 0) {
      const column = columns[sorted];
      rows.sort((a, b) => direction * order(column[a] ?? "", column[b] ?? "") || a - b);
    }
    first = 0;
    show();
  }

  function show() {
    const page = rows.slice(first, first + SIZE);
    body.replaceChildren(...page.map((row) => {
      const line = document.createElement("tr");
      names.forEach((name, index) => {
        const cell = document.createElement("td");
        const value = columns[index][row] ?? "";
        cell.dataset.label = name;
        if (index === 0) {
          const tag = document.createElement("span");
          tag.className = `tag ${tones.get(value)}`;
          tag.textContent = value;
          cell.append(tag);
        } else {
          cell.textContent = value;
        }
        line.append(cell);
      });
      return line;
    }));
    const shown = rows.length ? `${number(first + 1)}–${number(first + page.length)} of ${number(rows.length)}` : "nothing matches";
    status.textContent = rows.length < total ? `${shown}, filtered from ${number(total)}` : shown;
    for (const step of steps) {
      const next = first + SIZE * Number(step.dataset.step);
      step.disabled = next < 0 || next >= rows.length;
      step.hidden = total <= SIZE;
    }
  }

  headers.forEach((header, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = names[index];
    header.replaceChildren(button);
    header.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      direction = sorted === index ? -direction : 1;
      sorted = index;
      headers.forEach((other) => other.setAttribute("aria-sort", "none"));
      header.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      choose();
    });
  });
  for (const step of steps) {
    step.addEventListener("click", () => {
      first += SIZE * Number(step.dataset.step);
      show();
      section.querySelector(".scroll").scrollTop = 0;
    });
  }
  controls.hidden = false;
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", choose);
  choose();
}
