"use strict";
// Each table: filter by text, word, record and code; sort by a header; a page of rows at a time. Data only ever become text.
const SIZE = matchMedia("(max-width: 44rem)").matches ? 25 : 100;
const PRINTED_MAX = 1000;
const number = (value) => value.toLocaleString("en-US");
const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;
const grids = new Map();

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function grid(section) {
  const columns = JSON.parse(section.querySelector("script").textContent);
  const headers = [...section.querySelectorAll("th")];
  const names = headers.map((header) => header.textContent);
  const body = section.querySelector("tbody");
  const controls = section.querySelector(".controls");
  const status = section.querySelector("[role=status]");
  const steps = [...section.querySelectorAll("[data-step]")];
  const looks = new Map([...controls.word.options].map((option) => [option.value, option.dataset]));
  const codes = columns[names.indexOf("Code")];
  const total = columns[0].length;
  let texts = null;
  let rows = [];
  let first = 0;
  let size = SIZE;
  let sorted = -1;
  let direction = 1;
  let waiting = 0;

  function line(row) {
    const element = document.createElement("tr");
    names.forEach((name, index) => {
      const value = columns[index][row] ?? "";
      const cell = make("td", headers[index].className, index ? value : "");
      cell.dataset.label = name;
      if (!index) {
        const tag = make("span", `tag ${looks.get(value).tone}`, value);
        const mark = make("span", "mark", looks.get(value).mark);
        mark.ariaHidden = "true";
        tag.prepend(mark);
        cell.append(tag);
      }
      element.append(cell);
    });
    return element;
  }

  function choose() {
    const text = controls.text.value.trim().toLowerCase();
    const { word, record, code } = Object.fromEntries(["word", "record", "code"].map((name) => [name, controls[name].value]));
    if (text) texts ??= columns[0].map((_, row) => columns.map((column) => column[row] ?? "").join("\n").toLowerCase());
    rows = [];
    for (let row = 0; row < total; row += 1) {
      if (word && columns[0][row] !== word) continue;
      if (record && columns[1][row] !== record) continue;
      if (code && !(codes[row] ?? "").split(";").includes(code)) continue;
      if (text && !texts[row].includes(text)) continue;
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
    const page = rows.slice(first, first + size);
    body.replaceChildren(...page.map(line));
    const shown = rows.length ? `${number(first + 1)}–${number(first + page.length)} of ${number(rows.length)}` : "Nothing matches";
    status.textContent = rows.length < total ? `${shown}, filtered from ${number(total)}` : shown;
    for (const step of steps) {
      const next = first + size * Number(step.dataset.step);
      step.disabled = next < 0 || next >= rows.length;
      step.hidden = total <= SIZE;
    }
  }

  function sort(index, way) {
    sorted = index;
    direction = way;
    headers.forEach((header, at) => header.setAttribute("aria-sort", at !== index ? "none" : way > 0 ? "ascending" : "descending"));
    controls.order.value = index < 0 ? "" : String(index);
    choose();
  }

  function find(words) {
    controls.reset();
    for (const [name, value] of Object.entries(words)) controls[name].value = value;
    choose();
    section.querySelector("h2").focus({ preventScroll: true });
    section.scrollIntoView();
  }

  function print(starts) {
    headers.forEach((header, index) => header.replaceChildren(starts ? names[index] : buttons[index])); // a header with buttons isn't repeated on each sheet
    size = starts ? PRINTED_MAX : SIZE;
    first = 0;
    show();
    if (starts && rows.length > size) status.textContent += `; ${section.dataset.grid}.csv has all`;
  }

  const buttons = headers.map((header, index) => {
    const button = make("button", "", names[index]);
    button.type = "button";
    button.addEventListener("click", () => sort(index, sorted === index ? -direction : 1));
    header.replaceChildren(button);
    return button;
  });
  for (const step of steps) {
    step.addEventListener("click", () => {
      first += size * Number(step.dataset.step);
      show();
      section.querySelector(".scroll").scrollTop = 0;
      if (step.disabled) steps.find((other) => !other.disabled)?.focus();
    });
  }
  controls.hidden = false;
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("reset", () => setTimeout(() => sort(-1, 1)));
  controls.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target === controls.order) sort(event.target.value === "" ? -1 : Number(event.target.value), 1);
    else waiting = setTimeout(choose, event.target === controls.text ? 150 : 0);
  });
  sort(-1, 1);
  return { find, print };
}

for (const section of document.querySelectorAll("[data-grid]")) grids.set(section.dataset.grid, grid(section));
for (const button of document.querySelectorAll("[data-show]")) {
  const { show, word, record, code } = button.dataset;
  button.hidden = !grids.has(show);
  button.addEventListener("click", () => grids.get(show).find({ word, record, code }));
}
function printing(starts) {
  for (const details of document.querySelectorAll("details")) {
    if (starts) details.dataset.was = details.open ? "open" : "";
    details.open = starts || details.dataset.was === "open";
  }
  for (const one of grids.values()) one.print(starts);
}
addEventListener("beforeprint", () => printing(true));
addEventListener("afterprint", () => printing(false));
