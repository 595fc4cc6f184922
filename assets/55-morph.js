/* Brings what stands on the page to what the server drew, touching only what differs: focus, scrolling, typing stay. */
(function (cockpit) {
  "use strict";
  const KEPT = new Set(["data-dirty", "data-busy", "open"]);

  /** A viewer's own: an unfolded <details> stays unfolded. */
  function isKept(place, name) { return KEPT.has(name) || (name === "open" && place.nodeName === "DETAILS"); }

  function attributes(old, fresh) {
    [...old.attributes].forEach(({ name }) => {
      if (!fresh.hasAttribute(name) && !isKept(old, name)) old.removeAttribute(name);
    });
    [...fresh.attributes].forEach(({ name, value }) => {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    });
  }

  /** True if `old` may become `fresh` without being replaced. */
  function alike(old, fresh) {
    return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName;
  }

  function node(old, fresh, changed) {
    if (fresh.nodeType !== 1) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    if (old.hasAttribute("data-own") && fresh.hasAttribute("data-own")) return; // another script draws here
    const key = old.getAttribute("data-live"), before = old.textContent;
    attributes(old, fresh);
    children(old, fresh, changed);
    if (key && key === old.getAttribute("data-live") && before !== old.textContent) changed.push(old);
  }

  const keyOf = (one) => (one.nodeType === 1 ? one.getAttribute("data-row") : null);

  /** Rows with a `data-row` are told apart by it: each keeps its element wherever it moves, and with it the focus. */
  function rows(old, wanted, changed) {
    const known = new Map([...old.children].filter(keyOf).map((one) => [keyOf(one), one])), focus = document.activeElement;
    wanted.forEach((one, index) => {
      const kept = keyOf(one) && known.get(keyOf(one)), there = old.childNodes[index];
      if (!kept || !alike(kept, one)) { old.insertBefore(one, there || null); return; }
      known.delete(keyOf(one));
      if (kept !== there) old.insertBefore(kept, there || null);
      node(kept, one, changed);
    });
    while (old.childNodes.length > wanted.length) old.removeChild(old.lastChild);
    if (focus && focus !== document.activeElement && old.contains(focus)) focus.focus({ preventScroll: true });
  }

  function children(old, fresh, changed) {
    const wanted = [...fresh.childNodes];
    if (wanted.some(keyOf)) { rows(old, wanted, changed); return; }
    while (old.childNodes.length > wanted.length) old.removeChild(old.lastChild);
    wanted.forEach((one, index) => {
      const there = old.childNodes[index];
      if (!there) old.appendChild(one);
      else if (alike(there, one)) node(there, one, changed);
      else old.replaceChild(one, there);
    });
  }

  /** Make the content of `place` that of the HTML `text`; gives the elements marked data-live whose text changed. */
  cockpit.morph = function (place, text) {
    const changed = [], fresh = document.createElement("template");
    fresh.innerHTML = text;
    children(place, fresh.content, changed);
    return changed;
  };
})(globalThis.cockpit = globalThis.cockpit || {});
