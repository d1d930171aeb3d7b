// In the oldest JavaScript: a sentence instead of an empty page, in browsers that cannot read the page's own script, and where
// that did not come or broke off.
if (!("noModule" in document.createElement("script")) || typeof Uint8Array === "undefined" || !Uint8Array.fromHex) {
  document.getElementById("old").hidden = false;
}

addEventListener("error", function (event) {
  if (document.body.getAttribute("data-run") || !document.getElementById("old").hidden) return;
  if (!event.message && event.target.tagName !== "SCRIPT") return;
  document.getElementById("broken").hidden = false;
  document.getElementById("why").textContent = location.protocol === "file:"
    ? "It is open as a file, and needs a web server: deno task page --serve."
    : event.message
    ? "(" + event.message + ")"
    : "";
}, true);
