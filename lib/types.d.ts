// Text imports for tsc, and with it for an editor without Deno: import names from "./names.txt" with
// { type: "text" }. Deno knows them by itself.
declare module "*.txt" {
  const text: string;
  export default text;
}
