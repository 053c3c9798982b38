// The keys. Single letters do nothing in a field, in a dialog, while an input method composes, or once switched off.

import { begin } from "./pages.js";
import { playing, playMoment, seek, startedFrom, toggle } from "./player.js";
import { playFrom, visitLine, visitMatch } from "./reader.js";
import { bringMore } from "./search.js";
import { load, save } from "./storage.js";

const OFF = "podseek-keys-off";
const help = document.getElementById("keys");
const opener = document.getElementById("keys-open");
const isOn = document.getElementById("keys-on");

const moments = () => [...document.querySelectorAll(".moment")];
const chosen = () => document.querySelector('.moment[aria-current="true"]');

function choose(moment) {
  for (const other of document.querySelectorAll(".moment[aria-current]")) other.removeAttribute("aria-current");
  moment.setAttribute("aria-current", "true");
}

/** Goes to the next moment (by 1) or the one before (by -1); in the reader to a match, or else a line. */
async function step(by) {
  if (document.getElementById("reader")) return visitMatch(by) || visitLine(by);
  const all = moments();
  if (!all.length) return false;
  const at = all.indexOf(chosen());
  let next = all[Math.max(0, at < 0 ? 0 : at + by)];
  if (!next) next = (await bringMore()) ?? all.at(-1);
  choose(next);
  const link = next.querySelector("a.open");
  link.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest", behavior: "instant" });
  return true;
}

/** Plays what is chosen, or goes on with or pauses what is in the player. */
function space() {
  const moment = chosen();
  if (moment && startedFrom() !== moment.id + moment.dataset.episode && playMoment(moment)) return true;
  if (playing()) {
    toggle();
    return true;
  }
  return playFrom(null) || (moments()[0] !== undefined && playMoment(moments()[0]));
}

function toBox() {
  const box = document.getElementById("q");
  box.focus();
  box.select();
  return true;
}

/** On the page of mishearings, y n l are its buttons. */
function press(id) {
  if (!document.getElementById("review")) return false;
  document.getElementById(id).click();
  return true;
}

const ACTS = {
  "/": toBox,
  j: () => step(1),
  k: () => step(-1),
  " ": space,
  ArrowLeft: () => { seek(-5); return playing() !== null; },
  ArrowRight: () => { seek(5); return playing() !== null; },
  y: () => press("yes"),
  n: () => press("no"),
  l: () => press("later"),
  "?": () => { help.showModal(); return true; },
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target;
  if (help.open || !isOn.checked) return;
  if (target.closest("input, select, textarea, audio, [contenteditable]")) {
    if (event.key === "Escape" && target.id === "q") target.blur();
    return;
  }
  if (event.key === " " && target.closest("button, summary, [role=button]")) return;
  if (event.key === " " && target.matches("a[role=switch]")) {
    event.preventDefault();
    return target.click();
  }
  const act = ACTS[event.key];
  if (!act) return;
  // Whether a key does anything is known only by doing it; a key that did nothing keeps what the browser does with it.
  if (act()) event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const moment = event.target.closest?.(".moment");
  if (moment) choose(moment);
});

isOn.checked = load("localStorage", OFF) === null;
isOn.addEventListener("change", () => save("localStorage", OFF, isOn.checked ? null : "1"));
opener?.addEventListener("click", () => help.showModal());
help.addEventListener("click", (event) => { if (event.target === help) help.close(); });  // beside the dialog

begin();
