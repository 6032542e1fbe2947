/** Settings, or files that they name, that the program cannot run with; `message` has one sentence a line. */
export class SettingError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
