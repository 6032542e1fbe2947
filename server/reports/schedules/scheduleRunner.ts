import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { DAY_MS, toRfc3339 } from '../../../common/regionTime.ts';
import { regionOfCode } from '../../../common/divisions.ts';
import { spanText, titleOf } from '../../../common/report/reportOf.ts';
import { dueAfter, scheduledSpan } from '../../../common/report/schedule.ts';
import type { Workdays } from '../../../common/terms/workdays.ts';
import type { Schedule } from '../../../contract/reports.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Regions } from '../../region/region.ts';
import { assertSubject } from '../freezeReport.ts';
import { listsAddress, makeReport, reportIdOf, type MakerParts } from '../makeReport.ts';
import { assertKnown } from '../reportSpan.ts';
import type { TellRecipient, TellReport } from '../../views/reports/workPort.ts';
import type { ScheduleStore } from './scheduleStore.ts';

/** Between two looks at what is due, ms. */
const LOOK_MS = 5_000;
/** Whoever makes reports says so so often, ms. */
const KEEP_MS = 5_000;
/** Later than this is late, ms. */
const LATE_MS = 5 * 60_000;
/** What has been due for longer is not made any more: of what is short there is too much, and of what is long hardly more than one. */
const CATCH_UP_MS: Record<Schedule['kind'], number> = {
  daily: 31 * DAY_MS,
  weekly: 92 * DAY_MS,
  monthly: 400 * DAY_MS,
  quarterly: 400 * DAY_MS,
  yearly: 400 * DAY_MS,
};

export interface RunnerParts extends MakerParts {
  regions: Regions;
  schedules: ScheduleStore;
  tell: TellReport;
  workdays: () => Promise<Workdays>;
  log: Logger;
}

/**
 * Makes what is due, in every process that has figures: one at a time makes those of a schedule, and the id of a report is that of
 * its due moment, so each is made once. After a stop, what was missed is made, oldest first, and says that it is late.
 */
export class ScheduleRunner {
  private readonly parts: RunnerParts;
  private readonly owner = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private busy = false;
  private stopped = false;
  /** Since when this process is there: epoch ms. */
  private since = 0;
  /** Why nothing could be made at the last look. */
  problem: string | undefined;

  constructor(parts: RunnerParts) {
    this.parts = parts;
  }

  start(): void {
    this.since = this.parts.now();
    this.timer = setInterval(() => {
      if (this.busy) return;
      this.busy = true;
      this.running = this.look().finally(() => {
        this.busy = false;
      });
    }, LOOK_MS).unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Makes all that is due now. */
  async look(): Promise<void> {
    const { schedules, log } = this.parts;
    let problem: string | undefined;
    try {
      for (const schedule of await schedules.list()) {
        try {
          await this.makeDue(schedule);
        } catch (error) {
          problem = error instanceof Error ? error.message : String(error);
          log.error({ error, schedule: schedule.id }, 'reports: what is due could not be made; it is tried again');
        }
      }
    } catch (error) {
      problem = 'the schedules cannot be read';
      log.warn({ error }, `reports: ${problem}`);
    }
    this.problem = problem;
  }

  private async makeDue(schedule: Schedule): Promise<void> {
    const { schedules, now, workdays } = this.parts;
    const days = await workdays();
    if ((await this.nextDue(schedule, days)) > now()) return;
    if (!(await schedules.take(schedule.id, this.owner))) return;
    const keeping = setInterval(() => void schedules.keep(schedule.id).catch(() => undefined), KEEP_MS);
    try {
      // Asked again: somebody may have made it meanwhile, or changed the schedule.
      for (;;) {
        const current = await schedules.find(schedule.id);
        if (!current || this.stopped) return;
        const due = await this.nextDue(current, days);
        if (due > now()) return;
        await this.makeOne(current, due, days);
        await schedules.setDone(schedule.id, due);
      }
    } finally {
      clearInterval(keeping);
      await schedules.leave(schedule.id);
    }
  }

  private async nextDue(schedule: Schedule, days: Workdays): Promise<number> {
    const { schedules, now } = this.parts;
    const done = (await schedules.doneUntil(schedule.id)) ?? now();
    return dueAfter(schedule, Math.max(done, now() - CATCH_UP_MS[schedule.kind]), days).at;
  }

  private async makeOne(schedule: Schedule, due: number, days: Workdays): Promise<void> {
    const { regions, work, now, log } = this.parts;
    const { id, kind, about = 'situation', scope, unit, lang, by } = schedule;
    const region = regions.of(scope);
    const view = region?.view();
    if (!view) throw new Error(`the figures of ${scope} are not there`);
    const span = { ...scheduledSpan(schedule, due, days), whole: true };
    try {
      assertSubject({ about, scope, unit }, region!, work);
      assertKnown(span, view, now(), about);
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
      log.warn({ schedule: id, due: toRfc3339(due), why: error.message }, 'reports: there is nothing to report');
      return;
    }
    // Nobody was there at that time, or nobody could make it.
    const late = this.since > due || now() - due > LATE_MS;
    const order = { kind, about, scope, unit, lang, span, by };
    const made = { ...order, schedule: { id, dueAt: due, late } };
    await makeReport(this.parts, region!, made);
    await this.tellOf(schedule, reportIdOf(made, due));
  }

  /** Tells people of a report that is there, whoever has made it: should it fail, it is done again, and each is told once. */
  private async tellOf({ id, scope, unit, tell = [] }: Schedule, report: string): Promise<void> {
    const { store, publicUrl, tell: send, log } = this.parts;
    const item = tell.length > 0 ? await store.find(report) : undefined;
    if (!item) return;
    const to = tell.flatMap((who): TellRecipient[] =>
      who !== 'unit' ? [{ role: who }] : unit === undefined ? [] : [{ unit }],
    );
    const told = await send(regionOfCode(scope), to, {
      id: report,
      report: titleOf(item, 'zh-CN'),
      span: spanText(item, 'zh-CN'),
      link: listsAddress(item.digest, publicUrl),
    });
    if (told.length < to.length)
      log.warn(
        { schedule: id, report, told },
        'reports: not all are told: there is no connector, or no number of theirs',
      );
  }
}
