/* The door of the map page: fetches Leaflet and the map's own scripts when the page is opened, then its frame. */
(function (cockpit) {
  "use strict";

  /** Scripts and styles of the page in their order: [{href, isStyle}]. */
  function parts(listed) {
    return listed.split(" ").filter(Boolean).map((href) => ({ href, isStyle: href.split("?")[0].endsWith(".css") }));
  }

  cockpit.mapDoor = { parts };
  if (typeof document === "undefined") return;
  const brought = new Map();
  let shown = null, news = null;

  function bring({ href, isStyle }) {
    if (brought.has(href)) return brought.get(href);
    const promise = new Promise((done, failed) => {
      const made = isStyle ? Object.assign(document.createElement("link"), { rel: "stylesheet", href })
        : Object.assign(document.createElement("script"), { src: href, async: false });
      made.onload = done;
      made.onerror = () => { brought.delete(href); made.remove(); failed(new Error(href)); };
      document.head.append(made);
    });
    brought.set(href, promise);
    return promise;
  }

  async function open(place) {
    await Promise.all(parts(place.dataset.scripts).map(bring));
    cockpit.map.await(place, shown, news);
    return JSON.parse(place.dataset.frame);
  }

  const isDrawn = (place) => Boolean(place && place.querySelector(".leaflet-container"));

  /** Clientside callback of the frame: the map itself, or nothing new while it stands. */
  async function mapFrame(where, id) {
    const NOTHING = window.dash_clientside.no_update, place = document.querySelector(`#react-entry-point [id="${id}"]`);
    if (!place || !where || where.path !== "/map") return NOTHING;
    shown = where;
    if (isDrawn(place)) {
      cockpit.map.told(shown, news);
      return NOTHING;
    }
    try { return await open(place); } catch (unreachable) {
      place.dataset.failed = "地图程序没有取到，请刷新重试";
      return NOTHING;
    }
  }

  cockpit.live.listen((topics, serial) => {
    news = { topics, serial };
    if (isDrawn(document.getElementById("map-frame"))) cockpit.map.told(shown, news);
  });

  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    cockpit: Object.assign((window.dash_clientside || {}).cockpit || {}, { mapFrame }),
  });
})(globalThis.cockpit = globalThis.cockpit || {});
