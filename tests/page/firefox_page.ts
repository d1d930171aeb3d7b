// Firefox does what every browser must.
import { firefox } from "./drivers.ts";
import { everyBrowser } from "./every_browser.ts";

everyBrowser("Firefox", firefox);
