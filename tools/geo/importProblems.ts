/** Why a file of boundaries was refused: one sentence a problem. */
export class ImportError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ImportError';
    this.problems = problems;
  }
}

/** Throws when there is anything to say. @throws ImportError */
export function refuse(problems: readonly string[]): void {
  if (problems.length) throw new ImportError(problems);
}
