// Takes types and imports out of a TypeScript source: what sucrase's `transform` does, put together from its parts here.
//
// `transform` itself brings along source maps and a checker of its options, which are 8 KB gzipped.
// Left out: everything that an exercise does not need, such as JSX and Flow.
import CJSImportProcessor from "sucrase/dist/esm/CJSImportProcessor.js";
import { HelperManager } from "sucrase/dist/esm/HelperManager.js";
import identifyShadowedGlobals from "sucrase/dist/esm/identifyShadowedGlobals.js";
import NameManager from "sucrase/dist/esm/NameManager.js";
import { parse } from "sucrase/dist/esm/parser/index.js";
import TokenProcessor from "sucrase/dist/esm/TokenProcessor.js";
import RootTransformer from "sucrase/dist/esm/transformers/RootTransformer.js";

const transforms = ["typescript", "imports"];
const options = { transforms, disableESTransforms: true, preserveDynamicImport: true, production: true };

/** A source without its types, every line where it was, its imports as calls of `require`. Throws for what it cannot parse. */
export function strip(source: string): string {
  const { tokens, scopes } = parse(source, false, true, false);
  const nameManager = new NameManager(source, tokens), helperManager = new HelperManager(nameManager);
  const tokenProcessor = new TokenProcessor(source, tokens, false, true, helperManager);
  const importProcessor = new CJSImportProcessor(
    nameManager,
    tokenProcessor,
    false,
    options,
    true,
    false,
    helperManager,
  );
  importProcessor.preprocessTokens();
  identifyShadowedGlobals(tokenProcessor, scopes, importProcessor.getGlobalNames());
  importProcessor.pruneTypeOnlyImports();
  const context = { tokenProcessor, scopes, nameManager, importProcessor, helperManager };
  return new RootTransformer(context, transforms, false, options).transform().code;
}
