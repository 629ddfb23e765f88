// The style of the pages: CSS that Chrome 86 knows (browserslist in package.json).
const ANY = ["/./"];
const KNOWN = { // to Chrome, since the version behind; other browsers learned them after 2020
  "contain": ANY, // 52
  "contain-intrinsic-size": ANY, // 83
  "content-visibility": ANY, // 85
  "outline": ANY, // 1
  "overflow-wrap": ["anywhere"], // 80
  "overscroll-behavior": ANY, // 63
  "page": ANY, // 85
  "resize": ANY, // 1
  "/^scroll-(margin|padding)/": ANY, // 69
  "user-select": ANY, // 54
};

export default {
  plugins: ["stylelint-plugin-use-baseline", "stylelint-no-unsupported-browser-features"],
  rules: {
    // What all browsers knew by the end of 2020, Chrome 86 being of that October. Within @supports, anything.
    "plugin/use-baseline": [true, { available: 2020, ignoreProperties: KNOWN, ignoreSelectors: ["focus-visible"], ignoreAtRules: ["page"] }],
    // From another table, for Chrome 86 alone: nesting, ranges in media queries.
    "plugin/no-unsupported-browser-features": [true, { severity: "error", ignorePartialSupport: true }],
    "block-no-empty": true,
    "color-no-invalid-hex": true,
    "declaration-block-no-duplicate-properties": true,
    "declaration-block-no-shorthand-property-overrides": true,
    "no-duplicate-selectors": true,
    "property-no-unknown": true,
    "selector-pseudo-class-no-unknown": true,
    "selector-type-no-unknown": true,
    "unit-no-unknown": true,
  },
};
