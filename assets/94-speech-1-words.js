/* How texts are read out: numbers, times, units and levels as a duty officer would say them. Pure functions. */
(function (cockpit) {
  "use strict";
  const DIGITS = "零一二三四五六七八九", STEPS = ["", "十", "百", "千"], BIG = ["", "万", "亿", "万亿"];
  const UNITS = [
    [/μg\/m³|微克\/立方米/g, "微克每立方米"], [/mg\/m³/g, "毫克每立方米"], [/m³\/s|立方米\/秒/g, "立方米每秒"], [/km\/h|千米\/小时/g, "千米每小时"], [/m\/s|米\/秒/g, "米每秒"],
    [/mm\b/g, "毫米"], [/cm\b/g, "厘米"], [/km\b/g, "千米"], [/(?<=[\d.]\s?)m\b/g, "米"], [/℃|°C/g, "摄氏度"], [/pp\b/g, "个百分点"], [/km²/g, "平方千米"],
  ];
  const ROMAN = { "Ⅰ": "一", "Ⅱ": "二", "Ⅲ": "三", "Ⅳ": "四" };
  const COUNTED = "件个条次人处家辆天米名起座台户所站小倍";

  /** 10234 → 一万零二百三十四; beyond 16 digits one by one. `text` holds digits only. */
  function whole(text) {
    const digits = text.replace(/^0+(?=\d)/, "");
    if (digits === "0") return "零";
    if (digits.length > 16) return each(digits);
    const groups = [];
    for (let end = digits.length; end > 0; end -= 4) groups.unshift(digits.slice(Math.max(end - 4, 0), end));
    let said = "", gap = false;
    groups.forEach((group, place) => {
      const part = four(group), step = BIG[groups.length - 1 - place];
      if (!part) { gap = said !== ""; return; }
      const padded = said && (gap || (group.length === 4 && group[0] === "0"));
      said += (padded && !part.startsWith("零") ? "零" : "") + part + step;
      gap = false;
    });
    return said.replace(/^一十/, "十");
  }

  /** Up to four digits; '' for nothing. Zeros between are said once. */
  function four(group) {
    let said = "", zero = false;
    [...group].forEach((digit, index) => {
      if (digit === "0") { zero = said !== ""; return; }
      said += (zero ? "零" : "") + DIGITS[digit] + STEPS[group.length - 1 - index];
      zero = false;
    });
    return said;
  }

  /** One by one, as years and telephone numbers are read. */
  function each(digits, one = "一") { return [...digits].map((digit) => (digit === "1" ? one : DIGITS[digit])).join(""); }

  /** 3.50 → 三点五零: every decimal that is written is said. */
  function number(text) {
    const [integer, decimals] = text.replace(/,/g, "").split(".");
    return whole(integer || "0") + (decimals ? `点${each(decimals)}` : "");
  }

  /** Two of something that is counted is 两. */
  function counted(text, after) { return text === "2" && after && COUNTED.includes(after) ? "两" : number(text); }

  /** The text as it is read out. */
  function spoken(text) {
    let told = text.replace(/[ⅠⅡⅢⅣ]/g, (one) => ROMAN[one]).replace(/[A-Z]{2}-\d{8}-\d+/g, "");
    UNITS.forEach(([sign, words]) => { told = told.replace(sign, words); });
    told = told
      .replace(/(?<!\d)(12345|110|119|120|122)(?!\d)/g, (digits) => each(digits, "幺"))
      .replace(/(\d{4})年/g, (_, year) => `${each(year)}年`)
      .replace(/(\d{4})-(\d{2})-(\d{2})/g, (_, year, month, day) => `${each(year)}年${whole(month)}月${whole(day)}日`)
      .replace(/(?<!\d)(\d{1,2}):(\d{2})(?!\d)/g, (_, hour, minute) => `${whole(hour)}时${minute === "00" ? "整" : `${whole(minute)}分`}`)
      .replace(/([\d,.]+)\s*%/g, (_, share) => `百分之${number(share)}`)
      .replace(/(\d)\s*[-–—~]\s*(?=\d)/g, "$1至")
      .replace(/(^|[^\d至])[-−](?=\d)/g, "$1负")
      .replace(/(\d[\d,]*(?:\.\d+)?)(\s*)([^\d\s])?/g, (_, digits, gap, after = "") => counted(digits, after) + (after ? "" : gap) + after);
    return told.replace(/[“”‘’「」【】()（）·•]/g, " ").replace(/\s+/g, " ").trim();
  }

  cockpit.reading = { number, spoken, whole };
})(globalThis.cockpit = globalThis.cockpit || {});
