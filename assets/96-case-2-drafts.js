/* What was typed and not sent: kept on this machine by person, event and act, through a restart; gone when sent, given up
   or at sign-out. */
(function (cockpit) {
  "use strict";
  const BEFORE = "case-draft:", OLDEST = 7 * 86400000;

  /** The key of one draft. */
  function key(person, event, action) { return `${BEFORE}${person}:${event}:${action}`; }

  /** Several fields of one name become a list. */
  function gathered(pairs) {
    const made = {};
    pairs.forEach(([name, value]) => { if (value !== "") made[name] = made[name] === undefined ? value : [].concat(made[name], value); });
    return made;
  }

  /** True if a draft is too old to be offered. */
  function isStale(draft, now) { return !draft || !draft.at || now - draft.at > OLDEST; }

  cockpit.drafts = { key, gathered, isStale };
  if (typeof document === "undefined") return;

  const memory = new Map(); // where the browser keeps nothing: until the page closes
  const store = {
    get(name) {
      if (memory.has(name)) return memory.get(name);
      try { return JSON.parse(localStorage.getItem(name)); } catch (refused) { return null; }
    },
    set(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); memory.delete(name); } catch (refused) { memory.set(name, value); } },
    drop(name) { memory.delete(name); try { localStorage.removeItem(name); } catch (refused) { /* nothing is kept there */ } },
    names() { try { return [...Object.keys(localStorage), ...memory.keys()]; } catch (refused) { return [...memory.keys()]; } },
  };

  function values(form) {
    const pairs = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    const files = [...form.querySelectorAll("[data-uploads] li[data-hash]")].map((one) => [one.dataset.hash, one.dataset.name]);
    return { fields: gathered(pairs), files, at: Date.now() };
  }

  function fill(form, draft) {
    Object.entries(draft.fields).forEach(([name, given]) => {
      const wanted = [].concat(given);
      [...form.elements].filter((field) => field.name === name && field.type !== "hidden").forEach((field) => {
        if (field.type === "radio" || field.type === "checkbox") field.checked = wanted.includes(field.value);
        else field.value = wanted[0];
      });
    });
  }

  Object.assign(cockpit.drafts, {
    store, fill,
    keep(name, form) { store.set(name, values(form)); },
    of(name) { const found = store.get(name); if (isStale(found, Date.now())) { store.drop(name); return null; } return found; },
    drop: store.drop,
    clear() { store.names().filter((name) => name.startsWith(BEFORE)).forEach(store.drop); },
  });
})(globalThis.cockpit = globalThis.cockpit || {});
