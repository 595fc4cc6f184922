/* Keys between an event and its review: they follow the link that stands on the page. */
(function (cockpit) {
  "use strict";
  if (typeof document === "undefined") return;
  const rows = cockpit.keyRows = cockpit.keyRows || [];
  const follow = (selector) => () => { const way = document.querySelector(selector); if (way) way.click(); };
  rows.push({ page: "event", keys: ["r"], says: "本件的复盘", act: follow("[data-go=review]") });
  rows.push({ page: "review", keys: ["e"], says: "回到事件", act: follow("[data-go=event]") });
})(globalThis.cockpit = globalThis.cockpit || {});
