/** Σ factor · cell = is. */
export interface Equation {
  terms: readonly (readonly [cell: string, factor: number])[];
  is: number;
}

const TINY = 1e-7;

/**
 * The largest value that each of the `asked` cells may have, all cells being at least 0 and those that are known as they are:
 * the simplex method (Bland's rule) on a tableau that begins at the true values.
 */
export function largest(
  equations: readonly Equation[],
  cells: ReadonlyMap<string, { value: number; known: boolean }>,
  asked: readonly string[],
): Map<string, number> {
  const unknown = [...cells].filter(([, { known }]) => !known).map(([name]) => name);
  const column = new Map(unknown.map((name, i) => [name, i]));
  const n = unknown.length;
  const rows = equations.map(({ terms, is }) => {
    const row = new Array<number>(n + 1).fill(0);
    row[n] = is;
    for (const [name, factor] of terms) {
      const at = column.get(name);
      if (at === undefined) row[n] -= factor * cells.get(name)!.value;
      else row[at]! += factor;
    }
    return row;
  });
  const tableau = solved(rows, n, (at) => cells.get(unknown[at]!)!.value);
  return new Map(
    asked.filter((name) => column.has(name)).map((name) => [name, maximize(tableau, column.get(name)!, n)]),
  );
}

interface Tableau {
  rows: number[][];
  /** The cell that each row gives. */
  basis: number[];
}

function pivot({ rows, basis }: Tableau, at: number, into: number): void {
  const row = rows[at]!;
  const by = row[into]!;
  for (let i = 0; i < row.length; i++) row[i]! /= by;
  for (const other of rows) {
    const factor = other[into]!;
    if (other === row || Math.abs(factor) < TINY) continue;
    for (let i = 0; i < row.length; i++) other[i]! -= factor * row[i]!;
  }
  basis[at] = into;
}

/** A basic solution without negative cells: large cells go into the basis first, then phase one mends what is negative. */
function solved(rows: number[][], n: number, value: (at: number) => number): Tableau {
  const tableau: Tableau = { rows: [], basis: [] };
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => value(b) - value(a));
  let left = rows;
  for (const at of order) {
    const found = left.find((row) => Math.abs(row[at]!) > TINY);
    if (!found) continue;
    left = left.filter((row) => row !== found);
    const all: Tableau = { rows: [...tableau.rows, found, ...left], basis: [...tableau.basis] };
    pivot(all, tableau.rows.length, at);
    tableau.rows.push(found);
    tableau.basis.push(at);
  }
  if (left.some((row) => Math.abs(row[n]!) > TINY)) throw new Error('the true values break an equation');
  // Whatever is negative is raised to 0, one row at a time; rows that are not stay so.
  for (;;) {
    const at = tableau.rows.findIndex((row) => row[n]! < -TINY);
    if (at < 0) return tableau;
    raise(tableau, at, n);
  }
}

function raise(tableau: Tableau, at: number, n: number): void {
  for (;;) {
    const row = tableau.rows[at]!;
    if (row[n]! >= -TINY) return;
    const into = row.findIndex((factor, i) => i < n && factor < -TINY);
    if (into < 0) throw new Error('there is no solution, but the true values are one');
    let leaving = at;
    let step = row[n]! / row[into]!;
    tableau.rows.forEach((other, i) => {
      if (i === at || other[into]! <= TINY || other[n]! < -TINY) return;
      const most = other[n]! / other[into]!;
      if (most < step - TINY || (most < step + TINY && leaving !== at && tableau.basis[i]! < tableau.basis[leaving]!)) {
        step = most;
        leaving = i;
      }
    });
    pivot(tableau, leaving, into);
    if (leaving === at) return;
  }
}

/** The largest value of a cell. The tableau stays feasible, so the next question goes on from here. */
function maximize(tableau: Tableau, wanted: number, n: number): number {
  for (;;) {
    const at = tableau.basis.indexOf(wanted);
    // A cell outside the basis is 0: it enters. One within grows by every cell that has a negative factor in its row.
    const into = at < 0 ? wanted : tableau.rows[at]!.findIndex((factor, i) => i < n && i !== wanted && factor < -TINY);
    if (into < 0) return tableau.rows[at]![n]!;
    let leaving = -1;
    let step = Infinity;
    tableau.rows.forEach((row, i) => {
      if (row[into]! <= TINY) return;
      const most = row[n]! / row[into]!;
      if (most < step - TINY || (most < step + TINY && tableau.basis[i]! < tableau.basis[leaving]!)) {
        step = most;
        leaving = i;
      }
    });
    if (leaving < 0) return Infinity;
    pivot(tableau, leaving, into);
  }
}
