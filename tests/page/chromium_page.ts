// Chromium does what every browser must; what playwright can ask of it besides is in the other files.
import { chromiumItself } from "./browser.ts";
import { everyBrowser } from "./every_browser.ts";

everyBrowser("Chromium", async () => {
  const browser = await chromiumItself(), page = await browser.newPage();
  return {
    goto: async (address) => void await page.goto(address),
    evaluate: (expression) => page.evaluate(expression),
    close: () => browser.close(),
  };
});
