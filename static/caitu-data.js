"use strict";
/* The assignments, kept as columns: every value once, and for each row the number of its value. */
(function () {
  /* Rows that read their values from the columns; those of a facet are lists, the narrowest key first. */
  function rows({ ids, columns }) {
    class Row {
      constructor(number) { this.number = number; }
      get id() { return ids[this.number]; }
      get top() { return tops[columns.sector.of[this.number]]; }
    }
    const tops = columns.sector.values.map((lineage) => lineage[lineage.length - 1]);
    for (const [name, column] of Object.entries(columns)) {
      const { values } = column;
      const of = column.of = Uint32Array.from(column.of || columns.place.of); // or the place's,
      for (const [number, value] of Object.entries(column.except || {})) column.of[number] = value; // but for some
      const plain = Caitu.filter.FACETS.includes(name) ? values.map((keys) => keys[0] || "") : values;
      Object.defineProperty(Row.prototype, name, { get() { return plain[of[this.number]]; }, enumerable: true });
    }
    return ids.map((_, number) => new Row(number));
  }

  class Table {
    constructor(file) {
      this.columns = file.columns;
      this.rows = rows(file);
    }

    /* The rows a filter keeps, all and by place; and for each value of the other facets how many it would
       show, the other facets as they are. */
    select(filter) {
      const { columns, rows } = this;
      const asked = Object.entries(filter.wanted).map(([name, wanted]) => ({
        of: columns[name].of, fits: columns[name].values.map((keys) => keys.some((key) => wanted.has(key))), facet: Caitu.filter.FACETS.indexOf(name),
      }));
      const words = filter.words.map((word) => this.search(word));
      const facets = Caitu.filter.FACETS.map((name) => columns[name]);
      const found = facets.map(({ values }) => new Uint32Array(values.length));
      const kept = [];
      const places = columns.place.values.map(() => null);
      for (let number = 0; number < rows.length; number += 1) {
        if (words.length && !words.every((fields) => fields.some(({ of, fits }) => fits[of[number]]))) continue;
        let failed = -1;
        let failures = 0;
        for (const { of, fits, facet } of asked) {
          if (fits[of[number]]) continue;
          failed = facet;
          failures += 1;
        }
        if (failures > 1) continue;
        if (failures) {
          found[failed][facets[failed].of[number]] += 1;
          continue;
        }
        kept.push(rows[number]);
        const place = columns.place.of[number];
        if (places[place]) places[place].push(rows[number]);
        else places[place] = [rows[number]];
        for (let facet = 0; facet < facets.length; facet += 1) found[facet][facets[facet].of[number]] += 1;
      }
      return { kept, byPlace: this.grouped(places), counts: this.counts(found) };
    }

    /* Rows by place; what lies nowhere stands under "". */
    grouped(places) {
      const found = new Map();
      places.forEach((rows, value) => {
        if (!rows) return;
        const [id = ""] = this.columns.place.values[value];
        found.set(id, found.has(id) ? [...found.get(id), ...rows].sort((a, b) => a.number - b.number) : rows);
      });
      return found;
    }

    counts(found) {
      const counts = new Map();
      Caitu.filter.FACETS.forEach((name, facet) => {
        if (name === "place") return; // by place there are the rows themselves
        this.columns[name].values.forEach((keys, value) => {
          const count = found[facet][value];
          if (count) for (const key of keys) counts.set(name + ":" + key, (counts.get(name + ":" + key) || 0) + count);
        });
      });
      return counts;
    }

    /* In which values of the searched columns a word stands. */
    search(word) {
      return Object.values(this.columns).filter(({ searched }) => searched).map((column) => {
        if (column.searched === true) column.searched = column.values.map((text) => text.toLowerCase());
        return { of: column.of, fits: column.searched.map((text) => text.includes(word)) };
      });
    }
  }

  Caitu.Table = Table;
})();
