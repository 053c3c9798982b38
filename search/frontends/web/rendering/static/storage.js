// What a browser keeps for the scripts: "localStorage" for settings, "sessionStorage" for a tab. A browser may refuse both;
// then nothing is remembered, and everything else works.

/** The text kept under a name; null if there is none or the browser refuses. */
export function load(area, name) {
  try {
    return window[area].getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text under a name, or removes it if the text is null. Does nothing if the browser refuses or has no room. */
export function save(area, name, text) {
  try {
    if (text === null) window[area].removeItem(name);
    else window[area].setItem(name, text);
  } catch {
    return;
  }
}
