// Filters, order and deep links. The page is whole without this script: it only hides, sorts and unfolds what is there.
"use strict";

const form = document.getElementById("filters");
const shown = document.getElementById("shown");
const nothing = document.getElementById("nothing");
const list = document.getElementById("list");
const script = document.getElementById("samples");

const samples = [...script.querySelectorAll("details.sample")].map((section, place) => ({
  section,
  place,
  rank: Number(section.dataset.rank),
  outcomes: section.dataset.outcomes.split(" "),
  notes: [...section.querySelectorAll(".note-card")],
  marks: [...section.querySelectorAll("mark")],
  references: [...section.querySelectorAll(".ref")],
  row: list.querySelector(`[data-sample="${section.id}"]`),
}));

// What is looked for is compared without case, in everything a sample shows.
const textOf = (sample) => (sample.text ??= sample.section.textContent.toLowerCase());

function fits(note, wanted) {
  return (!wanted.severity || note.dataset.severity === wanted.severity)
    && (!wanted.dimension || note.dataset.dimension === wanted.dimension);
}

function filterSample(sample, wanted) {
  const notes = sample.notes.filter((note) => fits(note, wanted));
  const visible = (!wanted.outcome || sample.outcomes.includes(wanted.outcome))
    && (!(wanted.severity || wanted.dimension) || notes.length > 0)
    && (!wanted.text || textOf(sample).includes(wanted.text));
  const ids = new Set(notes.map((note) => note.id));
  for (const note of sample.notes) note.hidden = !ids.has(note.id);
  for (const reference of sample.references) reference.hidden = !ids.has(reference.hash.slice(1));
  for (const mark of sample.marks) {
    mark.classList.toggle("off", !mark.dataset.notes.split(" ").some((id) => ids.has(id)));
  }
  sample.section.hidden = sample.row.hidden = !visible;
  return visible ? notes.length : -1;
}

function filter() {
  const wanted = Object.fromEntries(new FormData(form));
  wanted.text = wanted.text.trim().toLowerCase();
  const counts = samples.map((sample) => filterSample(sample, wanted)).filter((count) => count >= 0);
  const numbers = {
    samples: counts.length,
    allSamples: samples.length,
    notes: counts.reduce((sum, count) => sum + count, 0),
    allNotes: samples.reduce((sum, sample) => sum + sample.notes.length, 0),
  };
  shown.value = shown.dataset.pattern.replace(/\{(\w+)\}/g, (_, name) => numbers[name].toLocaleString("en"));
  nothing.hidden = counts.length > 0;
  sort(wanted.order);
}

let order = "place";
function sort(by) {
  if (by === order) return;
  order = by;
  const sorted = [...samples].sort((one, other) => one[by] - other[by] || one.place - other.place);
  list.append(...sorted.map((sample) => sample.row));
  script.append(...sorted.map((sample) => sample.section));
}

// A link to a place must lead there, even into a folded sample or one that a filter hides.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.closest("[hidden]")) {
    form.reset();
    filter();
  }
  for (let box = target; box; box = box.parentElement?.closest("details")) if (box.matches("details")) box.open = true;
  target.scrollIntoView({ block: target.matches(".note-card") ? "center" : "start" });
}

// The note and the words it is about light up together.
function light(event) {
  const from = event.target.closest?.("mark, .note-card, .ref");
  const ids = from ? (from.dataset.notes ?? (from.hash ? from.hash.slice(1) : from.id)).split(" ") : [];
  for (const lit of script.querySelectorAll(".lit")) lit.classList.remove("lit");
  for (const id of ids) {
    const note = document.getElementById(id);
    note.classList.add("lit");
    for (const mark of note.closest(".turn").querySelectorAll("mark")) {
      if (mark.dataset.notes.split(" ").includes(id)) mark.classList.add("lit");
    }
  }
}

form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter)); // the fields are only cleared after this event
addEventListener("hashchange", reveal);
script.addEventListener("pointerover", light);
script.addEventListener("focusin", light);
addEventListener("beforeprint", () => {
  for (const sample of samples) sample.section.open = true;
});
filter();
reveal();
