/* Charts on the page: draws each figure[data-chart] in the tokens of the scheme, again when data, scheme or size change,
   and frees it when it leaves. The drawing library comes with the first chart. */
(function (cockpit) {
  "use strict";
  const BUNDLE = "/assets/vendor/plotly-cartesian-4.1.1.min.js", RETRY = 10000;
  const KINDS = { trend: "trend", dots: "dots", bars: "bars", waterfall: "waterfall", multiples: "multiples" };

  /** True if charts here are only looked at: walls, where a finger must not leave a tooltip behind. */
  function isStill(page, coarse, width) { return page === "wall" || page === "screen" || (coarse && width >= 1600); }

  /** Where a click on a point leads, or null: a row or step by its number, a cell by the mark its line carries. */
  function target(spec, point) {
    const found = spec.cells ? spec.cells[point.data.meta] : (spec.rows || spec.steps || [])[point.pointNumber];
    return (found && found.href) || null;
  }

  cockpit.charts = { isStill, target };
  if (typeof document === "undefined") return;

  const drawn = new Map(), watched = new WeakSet(), page = document.documentElement;
  let bundle = null, due = false;

  function bring() {
    bundle = bundle || new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src: BUNDLE });
      script.onload = () => { window.Plotly.register(LOCALE); done(); };
      script.onerror = () => { script.remove(); setTimeout(() => { bundle = null; schedule(); }, RETRY); failed(new Error(BUNDLE)); };
      document.head.append(script);
    });
    return bundle;
  }

  /** Widths of texts are measured when a chart is drawn: the figures' type must be there by then. */
  function lettered() {
    const family = getComputedStyle(page).getPropertyValue("--f-num").split(",")[0];
    return Promise.all([400, 600].map((weight) => document.fonts.load(`${weight} 1rem ${family}`))).catch(() => null);
  }

  const LOCALE = {
    moduleType: "locale", name: "zh-CN", dictionary: {},
    format: {
      days: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"], shortDays: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
      months: Array.from({ length: 12 }, (_, at) => `${at + 1}月`), shortMonths: Array.from({ length: 12 }, (_, at) => `${at + 1}月`),
      decimal: ".", thousands: ",", date: "%Y-%m-%d",
    },
  };

  /** Tokens, rem and size for one chart, and a mark that changes when any of them does. */
  function lookOf(plot) {
    const style = getComputedStyle(plot), rem = parseFloat(getComputedStyle(page).fontSize), ink = {};
    cockpit.figureParts.INKS.forEach((name) => { ink[name] = style.getPropertyValue(`--${name}`).trim(); });
    const family = style.getPropertyValue("--f-num").trim(), width = Math.floor(plot.clientWidth), height = Math.floor(plot.clientHeight);
    return { ink, rem, width, height, template: cockpit.figureParts.template(ink, rem, family), mark: [...Object.values(ink), rem, width, height].join() };
  }

  function draw(figure) {
    const plot = figure.querySelector(".plot"), text = figure.dataset.chart, known = drawn.get(figure), look = lookOf(plot);
    if (look.width < 40 || look.height < 40 || (known && known.plot === plot && known.text === text && known.mark === look.mark)) return;
    const spec = JSON.parse(text), kind = KINDS[spec.kind];
    if (!kind) return;
    if (spec.kind === "multiples") plot.style.setProperty("--rows", cockpit.figures.grid(spec.cells.length, look.width, look.rem).rows);
    const made = cockpit.figures[kind](spec, look);
    const still = isStill(page.dataset.page, matchMedia("(pointer:coarse)").matches, innerWidth);
    window.Plotly.react(plot, made.data, made.layout, { displayModeBar: false, staticPlot: still, doubleClick: false, showTips: false, locale: "zh-CN" });
    if (!known || known.plot !== plot) follow(figure, plot);
    drawn.set(figure, { text, mark: look.mark, plot });
    delete plot.dataset.failed;
  }

  /** A click on a point leads where its row leads; the table beside has the same links for the keyboard. */
  function follow(figure, plot) {
    plot.on("plotly_click", ({ points }) => {
      const href = target(JSON.parse(figure.dataset.chart), points[0]);
      const link = href && [...figure.querySelectorAll("table a")].find((one) => one.getAttribute("href") === href);
      if (link) link.click();
    });
  }

  function free() {
    drawn.forEach(({ plot }, figure) => {
      if (figure.isConnected && figure.contains(plot)) return;
      sizes.unobserve(plot);
      watched.delete(plot);
      window.Plotly.purge(plot);
      drawn.delete(figure);
    });
  }

  /** Observing twice reports twice, and so for ever. */
  function watch(plot) {
    if (watched.has(plot)) return;
    watched.add(plot);
    sizes.observe(plot);
  }

  async function renew() {
    due = false;
    free();
    const figures = [...document.querySelectorAll("figure[data-chart]")];
    if (!figures.length) return;
    figures.forEach((figure) => watch(figure.querySelector(".plot")));
    try {
      await Promise.all([bring(), lettered()]);
    } catch (unreachable) {
      figures.forEach((figure) => give(figure, "图形程序没有取到，请看数据表"));
      return;
    }
    figures.filter((figure) => figure.isConnected).forEach((figure) => {
      try {
        draw(figure);
      } catch (problem) {
        console.error(problem);
        give(figure, "这张图没有画成，请看数据表");
      }
    });
  }

  /** The table in place of the chart. */
  function give(figure, why) {
    figure.querySelector(".plot").dataset.failed = why;
    figure.querySelector("details").open = true;
  }

  function schedule() {
    if (due) return;
    due = true;
    requestAnimationFrame(renew);
  }

  /** On paper the tokens are those of the print style; the sheet is laid out at once, so nothing may be put off. */
  function print() {
    if (bundle && window.Plotly) drawn.forEach((_, figure) => { if (figure.isConnected) draw(figure); });
  }

  const sizes = new ResizeObserver(schedule);
  new MutationObserver(schedule).observe(page, { attributes: true, attributeFilter: ["data-scheme", "data-far", "data-page"] });
  new MutationObserver((changes) => {
    if (changes.some(({ target: place }) => !place.closest || !place.closest(".plot"))) schedule();
  }).observe(page, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-chart"] });
  addEventListener("resize", schedule);
  matchMedia("print").addEventListener("change", print);
})(globalThis.cockpit = globalThis.cockpit || {});
