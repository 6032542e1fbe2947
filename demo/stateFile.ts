import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

/** What a demonstration remembers of a region: enough to go on where it was. */
export const DemoStateSchema = Type.Object({
  seed: Type.Number(),
  scale: Type.Number({ exclusiveMinimum: 0 }),
  /** End of the history and beginning of the feed, epoch ms. */
  anchor: Type.Integer(),
  historyDone: Type.Boolean(),
  feed: Type.Object({ at: Type.Number(), wall: Type.Number() }),
  /** Who is watched, and what is known of them; absent where it has not begun. */
  watch: Type.Optional(
    Type.Object({
      /** Share of the published numbers. */
      scale: Type.Number({ exclusiveMinimum: 0 }),
      /** End of the year of past observations, epoch ms. */
      at: Type.Integer(),
      /** When the rules were in force, epoch ms: what holds now has been observed since. */
      inForceAt: Type.Optional(Type.Integer()),
      /** How much of the register and the year the server has taken. */
      sent: Type.Integer(),
      done: Type.Boolean(),
    }),
  ),
  /** A briefing and a report have been asked for. */
  papers: Type.Optional(Type.Boolean()),
});
export type DemoState = Static<typeof DemoStateSchema>;

const FileSchema = Type.Object({ version: Type.Literal(1), regions: Type.Record(Type.String(), DemoStateSchema) });
type Contents = Static<typeof FileSchema>;

/** `DATA_DIR/demo.json`, one entry a region. A write replaces the file whole or not at all. */
export class StateFile {
  readonly #path: string;
  readonly #region: string;
  #saving: Promise<void> = Promise.resolve();

  constructor(path: string, region: string) {
    this.#path = path;
    this.#region = region;
  }

  /** @throws Error when there is a file and it cannot be read: guessing would load the history a second time */
  async load(): Promise<DemoState | undefined> {
    return (await this.#read()).regions[this.#region];
  }

  /** One save after the other: several parts of a demonstration note how far they are. */
  save(state: DemoState): Promise<void> {
    const saved = this.#saving.then(() => this.#write(state));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  async #write(state: DemoState): Promise<void> {
    const contents = await this.#read();
    contents.regions[this.#region] = state;
    await mkdir(dirname(this.#path), { recursive: true });
    const fresh = `${this.#path}.new`;
    const file = await open(fresh, 'w');
    try {
      await file.writeFile(`${JSON.stringify(contents, null, 1)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, this.#path);
  }

  async #read(): Promise<Contents> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, regions: {} };
      throw error;
    }
    const value = parse(text);
    if (!Value.Check(FileSchema, value)) {
      throw new Error(
        `${this.#path} is damaged: remove it together with the data of the demonstration, which then loads anew`,
      );
    }
    return value;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
