import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  // The check of the generated client writes beside it, at the same time.
  { ignores: ["dist/", "node_modules/", "src/api/", "src/.api-*/"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    rules: {
      // The type checker knows which names exist; this rule does not understand types.
      "no-undef": "off",
      // Routes are checked by sv-router's p(); plain strings are external or hash links.
      "svelte/no-navigation-without-resolve": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector: "SvelteStyleDirective",
          message: "No inline style: lengths that depend on data are SVG attributes.",
        },
      ],
    },
  },
);
