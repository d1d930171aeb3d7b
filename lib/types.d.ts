// What tsc, and with it an editor without Deno, has to know of text imports: import names from "./names.txt" with
// { type: "text" }. Deno knows by itself.
declare module "*.txt" {
  const text: string;
  export default text;
}
