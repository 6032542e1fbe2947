import type { Workdays } from '../../common/terms/workdays.ts';
import type { Frame } from '../../contract/frame.ts';
import type { Feature, Platform } from '../feature.ts';
import type { Mask } from '../privacy/mask.ts';
import type { Regions } from '../region/region.ts';
import { chineseFont, NO_FONT } from './files/font.ts';
import { renderInThread } from './files/renderInThread.ts';
import { listRoutes } from './listRoutes.ts';
import { createReportStore } from './reportStore.ts';
import { reportRoutes } from './reportRoutes.ts';
import { scheduleRoutes } from './schedules/scheduleRoutes.ts';
import { ScheduleRunner } from './schedules/scheduleRunner.ts';
import { createScheduleStore, REPORTS_TAG } from './schedules/scheduleStore.ts';
import { templateRoutes } from './templates/templateRoutes.ts';
import { createTemplateStore } from './templates/templateStore.ts';
import type { TellReport, WorkPort } from '../views/reports/workPort.ts';

/**
 * Reports (docs/reports.md): made by processes that have figures (the role `push`), kept in `FILES_DIR`, which all share.
 * @param kept the frame that was kept of a moment, as it was shown then
 */
export function reportsFeature(
  { config, redis, log, now }: Platform,
  {
    regions,
    kept,
    workdays,
    work,
    tell,
    mask,
  }: {
    regions: Regions;
    kept: (scope: string, at: number) => Promise<Frame | undefined>;
    workdays: () => Promise<Workdays>;
    work: WorkPort;
    tell: TellReport;
    mask: Pick<Mask, 'shows'>;
  },
): Feature {
  const store = createReportStore(config.filesDir, log);
  const schedules = createScheduleStore(redis);
  const templates = createTemplateStore(redis, config.filesDir);
  const { publicUrl } = config;
  const parts = {
    store,
    templates,
    kept,
    work,
    tell,
    render: renderInThread,
    publicUrl,
    now,
    regions,
    mask,
    schedules,
    workdays,
    log,
  };
  const runner = config.roles.has('push') ? new ScheduleRunner(parts) : undefined;
  return {
    name: 'reports',
    backup: { owns: (tag) => tag === REPORTS_TAG },
    routes: runner ? [reportRoutes(parts), listRoutes(parts), scheduleRoutes(parts), templateRoutes(parts)] : [],
    readiness: () => (runner ? { reports: runner.problem ?? 'ok' } : {}),
    start: async () => {
      if (!runner) return;
      if (!chineseFont()) log.warn(NO_FONT);
      await store.removeLeftovers();
      runner.start();
    },
    stop: () => runner?.stop(),
  };
}
