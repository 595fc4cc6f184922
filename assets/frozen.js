/* A frozen page: nothing can be pressed but the way to paper. Its charts are drawn by 63 to 65. */
(function () {
  "use strict";
  document.querySelectorAll("#frozen button, #frozen input, #frozen select, #frozen textarea").forEach((one) => { one.disabled = true; });
  document.querySelectorAll("#frozen form").forEach((one) => one.addEventListener("submit", (event) => event.preventDefault()));
  dispatchEvent(new Event("resize")); // nothing moves here: the charts are told to begin
  document.querySelectorAll("[data-print]").forEach((one) => one.addEventListener("click", () => print()));
})();
