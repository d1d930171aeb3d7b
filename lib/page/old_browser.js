// In the oldest JavaScript, for browsers that cannot read the page's own: a sentence instead of an empty page.
if (!("noModule" in document.createElement("script")) || typeof WebAssembly === "undefined" || !Uint8Array.fromHex) {
  document.getElementById("old").hidden = false;
}
