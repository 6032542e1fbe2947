/**
 * The parts of `npm run bench`. `inFull` says which a run without `--only` does: `replay` takes minutes, and so does `cases` in a reduced form (in full it has
 * not been run yet), `levels` starts many servers, `longAlert` measures what hardly anybody has, `signals` registers 260,000 employers, and `history` takes half
 * an hour and 8 GB of disk: they run only when they are asked for.
 */
const PARTS = {
  counting: { inFull: true },
  screens: { inFull: true },
  reads: { inFull: true },
  replay: { inFull: false },
  cases: { inFull: false },
  reports: { inFull: false },
  levels: { inFull: false },
  longAlert: { inFull: false },
  signals: { inFull: false },
  history: { inFull: false },
} as const satisfies Record<string, { inFull: boolean }>;

export type BenchPart = keyof typeof PARTS;

/**
 * Which parts a run does.
 * @param only names of parts, separated by commas; undefined: those of a full run
 * @throws an error that names what is no part
 */
export function benchParts(only: string | undefined): (part: BenchPart) => boolean {
  if (only === undefined) return (part) => PARTS[part].inFull;
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0)
    throw new Error(
      `--only ${only}: ${unknown.map((name) => JSON.stringify(name)).join(', ')} is no part. Parts: ${Object.keys(PARTS).join(', ')}; several are separated by commas.`,
    );
  return (part) => names.includes(part);
}
