// The scripts of the pages: JavaScript that Chrome 86 knows (browserslist in package.json).
import js from "@eslint/js";
import compat from "eslint-plugin-compat";
import es from "eslint-plugin-es-x";
import globals from "globals";

const off = (names) => Object.fromEntries(names.map((name) => ["es-x/no-" + name, "off"]));
const SHARED = ["drop", "every", "filter", "find", "flatmap", "foreach", "map", "reduce", "some", "take", "toarray"];
const later = {
  ...es.configs["flat/restrict-to-es2020"].rules,
  ...off(["string-prototype-replaceall", "promise-any", "weakrefs"]), // ES2021, in Chrome 84 and 85
  // A rule sees a method's name, not whose it is: arrays have these methods, and our objects an `at`.
  ...off(SHARED.map((name) => "iterator-prototype-" + name)),
  ...off(["array-prototype-at", "string-prototype-at"]),
  "no-restricted-syntax": ["error", { selector: "CallExpression[callee.property.name='at']", message: "at() is ES2022." }],
};
const TEXT = "Values enter a page as text: Caitu.el.";

export default [
  {
    files: ["static/**/*.js"],
    ignores: ["static/vendor/**"],
    plugins: { compat, "es-x": es },
    settings: { "es-x": { aggressive: true } },
    languageOptions: {
      ecmaVersion: 2020,
      sourceType: "script",
      globals: { ...globals.browser, Caitu: "readonly", L: "readonly", topojson: "readonly", Chart: "readonly" },
    },
    rules: {
      ...js.configs.recommended.rules,
      ...later,
      "compat/compat": "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-eval": "error",
      "no-restricted-properties": ["error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: TEXT })),
        { object: "document", property: "write", message: TEXT }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    // Libraries parse. Chrome 86 knows the class fields of ES2022 that Chart.js has, and no more of it.
    files: ["static/vendor/**/*.js"],
    plugins: { "es-x": es },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "off" },
    languageOptions: { ecmaVersion: 2022, sourceType: "script" },
    rules: {
      "es-x/no-class-static-block": "error",
      "es-x/no-private-in": "error",
      "es-x/no-regexp-d-flag": "error",
    },
  },
];
