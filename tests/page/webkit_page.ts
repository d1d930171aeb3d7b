// WebKit, and with it Safari, does what every browser must.
import { webkit } from "./drivers.ts";
import { everyBrowser } from "./every_browser.ts";

everyBrowser("WebKit", webkit);
