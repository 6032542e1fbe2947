import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BaseLogger } from 'pino';
import { DAY_MS } from '../../common/regionTime.ts';
import { REPORT_FORMATS, type ReportFormat } from '../../contract/reportLimits.ts';
import type { ReportItem } from '../../contract/reports.ts';
import { entriesOf, isFull, orMissing, syncFolder, UNFINISHED } from '../platform/files/disk.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { ReportFiles } from './files/renderFiles.ts';

/** `20261128T083000-330110-monthly-k3f9x2a1`: sorts by time, and leads out of no folder. */
const ID = /^\d{8}T\d{6}-\d{6}(\d{3})?-[a-z]+-[a-z0-9]{6,12}$/;
export const isReportId = (text: string): boolean => ID.test(text);
const ITEM = 'report.json';
const SITUATION = 'situation.json';
const LISTS = 'lists.json.gz';
/** Of the frozen data of a report. */
const DIGEST = /^[0-9a-f]{64}$/;

/** What is kept of a report besides what the list tells. */
export interface ReportContent {
  /** The frozen data. */
  situation: Buffer;
  /** The lists behind its figures (frozenLists.ts). */
  lists: Buffer;
  files: ReportFiles;
}

/**
 * Reports, a folder each in `FILES_DIR/reports`: the frozen situation, the files made of it, and what the list tells. A folder gets its
 * name when all of it is on the disk, so nothing unfinished is ever listed, and of two that make the same report one wins.
 */
export interface ReportStore {
  /** @returns whether it was kept; false if there is a report of this id. @throws HttpProblem 507 if the disk is full */
  add(item: ReportItem, content: ReportContent): Promise<boolean>;
  /** All, the latest first. */
  list(): Promise<ReportItem[]>;
  find(id: string): Promise<ReportItem | undefined>;
  /** The content of a file; undefined if there is no such report. */
  read(id: string, format: ReportFormat): Promise<Buffer | undefined>;
  /** Reports of these frozen data: several where they were made in one go in several languages. */
  ofDigest(digest: string): Promise<ReportItem[]>;
  /** The frozen data and the lists behind them; undefined if there is no such report, `lists` where it was made without any. */
  frozen(id: string): Promise<{ situation: Buffer; lists: Buffer | undefined } | undefined>;
  /** Removes what crashed makers have left behind for more than a day. */
  removeLeftovers(): Promise<void>;
}

export function createReportStore(filesDir: string, log: Pick<BaseLogger, 'error'>): ReportStore {
  const root = join(filesDir, 'reports');
  const unfinished = join(root, UNFINISHED);
  /** A report never changes. */
  const known = new Map<string, ReportItem>();

  async function itemOf(id: string): Promise<ReportItem | undefined> {
    if (!isReportId(id)) return undefined;
    const there = known.get(id);
    if (there) return there;
    const text = await orMissing(readFile(join(root, id, ITEM), 'utf8'));
    if (text === undefined) return undefined;
    try {
      const item = JSON.parse(text) as ReportItem;
      known.set(id, item);
      return item;
    } catch (error) {
      log.error({ error, report: id }, 'reports: what is kept of a report cannot be read; it is not listed');
      return undefined;
    }
  }

  async function list(): Promise<ReportItem[]> {
    const items: ReportItem[] = [];
    for (const { name } of await entriesOf(root)) {
      const item = await itemOf(name);
      if (item) items.push(item);
    }
    return items.sort((a, b) => Date.parse(b.madeAt) - Date.parse(a.madeAt) || (a.id < b.id ? 1 : -1));
  }

  return {
    async add(item, { situation, lists, files }) {
      const draft = join(unfinished, randomUUID());
      try {
        await mkdir(draft, { recursive: true, mode: 0o700 });
        await writeSynced(join(draft, SITUATION), situation);
        await writeSynced(join(draft, LISTS), lists);
        for (const format of REPORT_FORMATS) await writeSynced(join(draft, `report.${format}`), files[format]);
        await writeSynced(join(draft, ITEM), Buffer.from(JSON.stringify(item)));
        await syncFolder(draft);
        // A folder that has something in it is replaced by none.
        await rename(draft, join(root, item.id));
        await syncFolder(root);
        return true;
      } catch (error) {
        await rm(draft, { recursive: true, force: true }).catch(() => undefined);
        if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
        throw isFull(error)
          ? new HttpProblem(
              507,
              'Storage is full',
              'the disk of FILES_DIR is full: no report was made; free some space there and ask again',
            )
          : error;
      }
    },
    list,
    find: itemOf,
    read: async (id, format) => (isReportId(id) ? orMissing(readFile(join(root, id, `report.${format}`))) : undefined),
    ofDigest: async (digest) => (DIGEST.test(digest) ? (await list()).filter((item) => item.digest === digest) : []),
    async frozen(id) {
      if (!isReportId(id)) return undefined;
      const situation = await orMissing(readFile(join(root, id, SITUATION)));
      return situation && { situation, lists: await orMissing(readFile(join(root, id, LISTS))) };
    },
    async removeLeftovers() {
      for (const { name } of await entriesOf(unfinished)) {
        const path = join(unfinished, name);
        const found = await orMissing(stat(path));
        if (found && Date.now() - found.mtimeMs > DAY_MS) await rm(path, { recursive: true, force: true });
      }
    },
  };
}

async function writeSynced(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
