import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_ROOT } from '../server/platform/paths.ts';
import { loadRegionPacks } from '../server/region/packs.ts';
import { benchCases } from './cases/cases.ts';
import { benchCounting } from './counting.ts';
import { benchHistory } from './history.ts';
import { benchLevels } from './levels.ts';
import { benchLongAlert } from './longAlert.ts';
import { benchParts } from './parts.ts';
import { benchReplay } from './replay.ts';
import { benchReads } from './reads/reads.ts';
import { benchReports } from './reports.ts';
import { benchSignals } from './signals/signals.ts';
import { benchScreens } from './screens/screens.ts';

/**
 * `npm run bench`: what the README claims, measured in one run. `--alerts` sets the history, `--only counting,reads`
 * does some of the parts, `--no-postgres` leaves PostgreSQL out.
 */
const { values } = parseArgs({
  allowNegative: true,
  options: {
    only: { type: 'string' },
    events: { type: 'string', default: '200000' },
    alerts: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '10' },
    postgres: { type: 'boolean', default: true },
    load: { type: 'string', default: '1000' },
    screens: { type: 'string', default: '1,100,1000,5000' },
    'long-events': { type: 'string', default: '100000' },
    subjects: { type: 'string', default: '260000' },
    observations: { type: 'string', default: '1000000' },
    history: { type: 'string', default: '10000000' },
    districts: { type: 'string', default: '13,90' },
    'district-alerts': { type: 'string', default: '2200' },
    push: { type: 'string', default: '2,4' },
    actions: { type: 'string', default: '50' },
    watchers: { type: 'string', default: '1000' },
    cases: { type: 'string', default: '100000' },
    'report-alerts': { type: 'string', default: '3446,100000' },
  },
});
const does = benchParts(values.only);
const pack = loadRegionPacks({ assetsDir: join(PROJECT_ROOT, 'assets/geo'), dataDir: tmpdir(), codes: ['330110'] }).get(
  '330110',
)!;
const alerts = Number(values.alerts);

process.stdout.write(
  `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}; Redis with appendonly yes, appendfsync always\n`,
);
if (does('counting'))
  await benchCounting({ pack, alerts, eventsARound: Number(values.events), seconds: Number(values.seconds) });
const numbers = (list: string) => list.split(',').filter(Boolean).map(Number);
if (does('screens'))
  await benchScreens({
    screens: numbers(values.screens),
    rate: Number(values.load),
    seconds: Number(values.seconds),
    pushProcesses: numbers(values.push),
  });
if (does('reads')) await benchReads({ pack, alerts, postgres: values.postgres, underLoad: Number(values.load) });
if (does('levels'))
  await benchLevels({
    pack,
    districts: numbers(values.districts),
    alertsADistrict: Number(values['district-alerts']),
    rate: Number(values.load),
    seconds: Number(values.seconds),
  });
if (does('reports')) await benchReports({ pack, sizes: numbers(values['report-alerts']) });
if (does('replay')) await benchReplay({ pack });
if (does('cases'))
  await benchCases({
    pack,
    alerts,
    watchers: Number(values.watchers),
    actions: Number(values.actions),
    seconds: Number(values.seconds),
    cases: Number(values.cases),
  });
if (does('longAlert')) await benchLongAlert({ pack, events: Number(values['long-events']) });
if (does('signals'))
  await benchSignals({
    pack,
    subjects: Number(values.subjects),
    observations: Number(values.observations),
    postgres: values.postgres,
  });
if (does('history')) await benchHistory({ pack, events: Number(values.history), seconds: Number(values.seconds) });
