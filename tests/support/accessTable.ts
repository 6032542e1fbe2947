import type { AccessToken } from '../../contract/access.ts';
import { loadPack } from './packs.ts';
import { event, raised } from './events.ts';
import { letIn } from './letIn.ts';

/** Every route of the program × every role × in and out of scope: who is let in (issue 5); and alerts with secrets to look for in the answers. */

export const [TOWN, OTHER_TOWN] = ['330110010', '330110001'];

const { units = [] } = loadPack('330110');
const isThere = (town: string) => (unit: (typeof units)[number]) => unit.towns?.includes(town) === true;
/** The unit of TOWN that A1 is dispatched to, and that of OTHER_TOWN, which nothing is. */
export const UNIT = units.find(isThere(TOWN))!;
export const OTHER_UNIT = units.find(isThere(OTHER_TOWN))!;

export const GRANTS = {
  ingest: { role: 'ingest', scope: '330110' },
  sourced: { role: 'ingest', scope: '330110', source: 'urn:mine' },
  display: { role: 'display', scope: '330110' },
  townDisplay: { role: 'display', scope: TOWN },
  handler: { role: 'handler', scope: '330110', unit: UNIT.code },
  townHandler: { role: 'handler', scope: TOWN, unit: UNIT.code },
  otherHandler: { role: 'handler', scope: '330110', unit: OTHER_UNIT.code },
  officer: { role: 'officer', scope: '330110' },
  townOfficer: { role: 'officer', scope: TOWN },
  leader: { role: 'leader', scope: '330110' },
  admin: { role: 'admin', scope: '330110' },
  foreignIngest: { role: 'ingest', scope: '330111' },
  foreignDisplay: { role: 'display', scope: '330111' },
  foreignLeader: { role: 'leader', scope: '330111' },
  expired: { role: 'admin', scope: '330110', expires: '2026-01-01T00:00:00+08:00' },
} as const satisfies Record<string, Partial<AccessToken>>;
export type Asker = keyof typeof GRANTS;
export const ASKERS = Object.keys(GRANTS) as Asker[];
const { tokens, entries: ENTRIES } = letIn<Asker>(GRANTS);
/** `ENTRIES`: what the access file lists. */
export { ENTRIES, tokens };

/** What nobody who sees masked alerts may find in any byte. */
export const SECRETS = {
  name: '杭州密字建筑劳务有限公司',
  uscc: '91330110MA2SECRET1',
  project: '密字小区二期',
  projectId: 'PRJ-SECRET',
  lng: 120.041237,
  lat: 30.371239,
  phone: '13857112345',
  person: '李卫东',
  workers: 4_711,
  amountFen: 765_432_101,
};
export const secretAlert = (alertId: string, town = TOWN) =>
  raised(Date.now() - 1000, {
    alertId,
    town,
    tier: 'red',
    enterprise: { name: SECRETS.name, uscc: SECRETS.uscc },
    project: { id: SECRETS.projectId, name: SECRETS.project },
    location: { lng: SECRETS.lng, lat: SECRETS.lat },
    workers: SECRETS.workers,
    amountFen: SECRETS.amountFen,
    reasons: [
      { channel: 'petition', text: `${SECRETS.name}拖欠，联系人${SECRETS.person}，电话${SECRETS.phone}` },
      // The same, written so that a plain search does not find it.
      { channel: 'hotline', text: `密\u200b字建筑、密 字小区欠薪，工人李卫\u200b东，电话138/5711/2345，杭州(密字)` },
    ],
  });
/** Sends it to a unit, by its name. */
export const dispatched = (alertId: string, unit: typeof UNIT) =>
  event('wage.alert.dispatched', Date.now() - 500, { alertId, platform: unit.platform, unit: unit.name['zh-CN'] });
/** Figures are no secrets, unless small ones are withheld. */
const FIGURES: readonly string[] = ['workers', 'amountFen'];
/** What is there of the secrets, as it is or written so that only a reader finds it. */
export const leaks = (bytes: string) => {
  const letters = bytes.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');
  return [
    ...Object.entries(SECRETS)
      .filter(([key, secret]) => !FIGURES.includes(key) && bytes.includes(String(secret)))
      .map(([, secret]) => String(secret)),
    ...['密字', SECRETS.person, SECRETS.phone].filter((secret) => letters.includes(secret) && !bytes.includes(secret)),
  ];
};
/** Parts of the enterprise's name that are neither its ends nor its trade. */
export const NAME_PARTS = ['州密', '密字', '字建', '劳务'];

export const REGION_VIEWERS: Asker[] = ['display', 'handler', 'otherHandler', 'officer', 'leader', 'admin'];
/** Those who read all alerts of a region in full. */
export const READERS: Asker[] = ['officer', 'leader', 'admin'];
/** Handlers of the region: the one sees A1 alone, the other none. */
const HANDLERS: Asker[] = ['handler', 'otherHandler'];
/** Those who may ask for alerts in full, in the region and in TOWN. */
const REGION_ASKERS: Asker[] = [...READERS, ...HANDLERS];
const TOWN_ASKERS: Asker[] = ['townOfficer', 'townHandler'];
export const EVERY_VIEWER: Asker[] = [...REGION_VIEWERS, 'townDisplay', ...TOWN_ASKERS];
export const FOREIGN_VIEWERS: Asker[] = ['foreignDisplay', 'foreignLeader'];

export interface Row {
  path: string;
  /** Who is let in; `everybody`: strangers too. */
  allowed: Asker[] | 'everybody';
  body?: [type: string, text: string];
  /** How the others with a role that may call it are told: what they may not see is not there. */
  hidden?: Asker[];
}

const regionAndTown = (path: string, region: Asker[], town: Asker[]): Row[] => [
  { path: `${path}scope=330110`, allowed: region },
  { path: `${path}scope=${TOWN}`, allowed: [...region, ...town] },
  { path: `${path}scope=${OTHER_TOWN}`, allowed: region },
];

/** Those who may report a clue: of the region, then of TOWN alone. */
const CLUE_ASKERS: Asker[] = ['handler', 'otherHandler', 'officer', 'admin', 'townHandler', 'townOfficer'];
/** Far away, so that nothing is kept. */
const clueIn = (town: string): [string, string] => [
  'application/json',
  JSON.stringify({ enterprise: { name: '某某店' }, town, text: 'x', location: { lng: 0, lat: 0 } }),
];

/** A digest of nothing that was uploaded. */
const NO_FILE = `sha256:${'0'.repeat(64)}`;
const TERM = 'from=2026-03-03T16:20:00Z&term=3wd';

const acting = (action: string, fields: object): [string, string] => [
  'application/json',
  JSON.stringify({ action, expect: { stage: 'closed', events: 99 }, ...fields }),
];

/** A deck that somebody keeps. */
const deckOf = (scope: string, shared = false, more = {}) =>
  JSON.stringify({ name: 'x', scope, window: 'week', pages: [{ page: 'cover', on: true }], shared, ...more });

/** A schedule whose rhythm is not whole: whoever may is told so. */
const SCHEDULED: [string, string] = [
  'application/json',
  '{"kind":"daily","scope":"330110","lang":"en","rhythm":"weekly","time":"08:30"}',
];

/** By method and pattern of the route; each route of the program must be here. */
export const TABLE: Record<string, Row[]> = {
  'POST /api/v1/events': [
    {
      path: '/api/v1/events',
      allowed: ['ingest', 'sourced', 'foreignIngest', 'admin'],
      body: ['application/cloudevents-batch+json', '[]'],
    },
  ],
  'GET /api/v1/dead-letters': [{ path: '/api/v1/dead-letters', allowed: ['admin'] }],
  'GET /api/v1/dead-letters/:id': [{ path: '/api/v1/dead-letters/none', allowed: ['admin'] }],
  'DELETE /api/v1/dead-letters/:id': [{ path: '/api/v1/dead-letters/none', allowed: ['admin'] }],
  'POST /api/v1/dead-letters/:id/resend': [{ path: '/api/v1/dead-letters/none/resend', allowed: ['admin'] }],
  'GET /api/v1/snapshot': [
    { path: '/api/v1/snapshot?scope=330110', allowed: REGION_VIEWERS },
    { path: '/api/v1/snapshot?scope=330110&at=2026-01-01T00:00:00Z', allowed: REGION_VIEWERS },
    { path: `/api/v1/snapshot?scope=${TOWN}`, allowed: EVERY_VIEWER },
    { path: `/api/v1/snapshot?scope=${OTHER_TOWN}`, allowed: REGION_VIEWERS },
    { path: '/api/v1/snapshot?scope=330111', allowed: ['admin', ...FOREIGN_VIEWERS] },
    // Without a scope, everybody gets their own.
    { path: '/api/v1/snapshot', allowed: [...EVERY_VIEWER, ...FOREIGN_VIEWERS] },
  ],
  'GET /api/v1/regions': [{ path: '/api/v1/regions', allowed: [...EVERY_VIEWER, ...FOREIGN_VIEWERS] }],
  'GET /api/v1/regions/:code': [
    { path: '/api/v1/regions/330110', allowed: EVERY_VIEWER },
    { path: '/api/v1/regions/330111', allowed: ['admin', ...FOREIGN_VIEWERS] },
  ],
  'GET /api/v1/regions/:code/boundaries': [{ path: '/api/v1/regions/330110/boundaries', allowed: EVERY_VIEWER }],
  'GET /api/v1/regions/:code/site': [
    { path: '/api/v1/regions/330110/site', allowed: EVERY_VIEWER },
    { path: '/api/v1/regions/330111/site', allowed: ['admin', ...FOREIGN_VIEWERS] },
  ],
  'PUT /api/v1/regions/:code/site': [
    { path: '/api/v1/regions/330110/site', allowed: ['admin'], body: ['application/json', '{}'] },
  ],
  'POST /api/v1/briefings': [
    {
      path: '/api/v1/briefings',
      allowed: READERS,
      body: ['application/json', '{"scope":"330110","deck":"daily"}'],
    },
    {
      path: '/api/v1/briefings',
      allowed: [...READERS, 'townOfficer'],
      body: ['application/json', JSON.stringify({ scope: TOWN, deck: 'daily' })],
    },
  ],
  'GET /api/v1/briefings': [
    ...regionAndTown('/api/v1/briefings?', READERS, ['townOfficer']),
    { path: '/api/v1/briefings', allowed: [...READERS, 'townOfficer', 'foreignLeader'] },
  ],
  'GET /api/v1/briefings/live': [
    ...regionAndTown('/api/v1/briefings/live?', [...READERS, 'display'], ['townOfficer', 'townDisplay']),
    {
      path: '/api/v1/briefings/live',
      allowed: [...READERS, 'townOfficer', 'foreignLeader', 'display', 'townDisplay', 'foreignDisplay'],
    },
  ],
  'POST /api/v1/briefings/looked': [
    {
      path: '/api/v1/briefings/looked',
      allowed: READERS,
      body: ['application/json', '{"scope":"330110"}'],
    },
    {
      path: '/api/v1/briefings/looked',
      allowed: [...READERS, 'townOfficer'],
      body: ['application/json', JSON.stringify({ scope: TOWN })],
    },
  ],
  'GET /api/v1/briefings/since': [
    ...regionAndTown('/api/v1/briefings/since?', READERS, ['townOfficer']),
    { path: '/api/v1/briefings/since', allowed: [...READERS, 'townOfficer', 'foreignLeader'] },
  ],
  'GET /api/v1/briefings/decks': [
    ...regionAndTown('/api/v1/briefings/decks?', READERS, ['townOfficer']),
    { path: '/api/v1/briefings/decks', allowed: [...READERS, 'townOfficer', 'foreignLeader'] },
  ],
  'POST /api/v1/briefings/decks': [
    { path: '/api/v1/briefings/decks', allowed: READERS, body: ['application/json', deckOf('330110')] },
    { path: '/api/v1/briefings/decks', allowed: [...READERS, 'townOfficer'], body: ['application/json', deckOf(TOWN)] },
    // To share one is for those who read the whole region.
    { path: '/api/v1/briefings/decks', allowed: READERS, body: ['application/json', deckOf(TOWN, true)] },
  ],
  'PUT /api/v1/briefings/decks/:deck': [
    {
      path: '/api/v1/briefings/decks/own-330110-000000000000',
      allowed: READERS,
      hidden: ['townOfficer', 'foreignLeader'],
      body: ['application/json', deckOf('330110', false, { version: 1 })],
    },
  ],
  'DELETE /api/v1/briefings/decks/:deck': [
    {
      path: '/api/v1/briefings/decks/own-330110-000000000000',
      allowed: READERS,
      hidden: ['townOfficer', 'foreignLeader'],
    },
  ],
  'GET /api/v1/briefings/:id': [
    {
      path: '/api/v1/briefings/330110-000000000000000000',
      allowed: [...READERS, 'display'],
      hidden: ['townOfficer', 'foreignLeader', 'townDisplay', 'foreignDisplay'],
    },
  ],
  'GET /api/v1/briefings/:id/alerts': [
    {
      path: '/api/v1/briefings/330110-000000000000000000/alerts?list=open',
      allowed: READERS,
      hidden: ['townOfficer', 'foreignLeader'],
    },
  ],
  'PUT /api/v1/briefings/:id': [
    {
      path: '/api/v1/briefings/330110-000000000000000000',
      allowed: READERS,
      hidden: ['townOfficer', 'foreignLeader'],
      body: ['application/json', '{"title":"x"}'],
    },
  ],
  'DELETE /api/v1/briefings/:id': [
    {
      path: '/api/v1/briefings/330110-000000000000000000',
      allowed: READERS,
      hidden: ['townOfficer', 'foreignLeader'],
    },
  ],
  'GET /api/v1/alerts': [
    { path: '/api/v1/alerts?scope=330110', allowed: REGION_VIEWERS },
    { path: `/api/v1/alerts?scope=${TOWN}`, allowed: EVERY_VIEWER },
    { path: `/api/v1/alerts?scope=${OTHER_TOWN}`, allowed: REGION_VIEWERS },
    { path: '/api/v1/alerts', allowed: [...EVERY_VIEWER, ...FOREIGN_VIEWERS] },
    // What a display is not shown it cannot ask for either.
    { path: `/api/v1/alerts?scope=330110&uscc=${SECRETS.uscc}`, allowed: REGION_ASKERS },
    { path: `/api/v1/alerts?scope=330110&q=${encodeURIComponent(SECRETS.name)}`, allowed: REGION_ASKERS },
    { path: '/api/v1/alerts?scope=330110&h3=88309ac8e3fffff', allowed: REGION_ASKERS },
    { path: '/api/v1/alerts?scope=330110&supervised=true', allowed: REGION_ASKERS },
    // A handler's list is that of their unit, and no other's can be asked for.
    {
      path: `/api/v1/alerts?scope=330110&unit=${UNIT.code}`,
      allowed: REGION_ASKERS.filter((asker) => asker !== 'otherHandler'),
    },
  ],
  'GET /api/v1/alert-counts': [
    { path: '/api/v1/alert-counts?scope=330110&open=true', allowed: REGION_ASKERS },
    { path: `/api/v1/alert-counts?scope=${TOWN}`, allowed: [...REGION_ASKERS, ...TOWN_ASKERS] },
    {
      path: `/api/v1/alert-counts?scope=330110&unit=${UNIT.code}`,
      allowed: REGION_ASKERS.filter((asker) => asker !== 'otherHandler'),
    },
  ],
  'GET /api/v1/alerts.csv': regionAndTown('/api/v1/alerts.csv?', REGION_ASKERS, TOWN_ASKERS),
  'GET /api/v1/alerts.xlsx': regionAndTown('/api/v1/alerts.xlsx?', REGION_ASKERS, TOWN_ASKERS),
  'GET /api/v1/series': regionAndTown('/api/v1/series?measure=raised&', REGION_VIEWERS, [
    'townDisplay',
    ...TOWN_ASKERS,
  ]),
  'GET /api/v1/replay': regionAndTown(
    `/api/v1/replay?from=${new Date(Date.now() - 3_600_000).toISOString()}&step=5m&`,
    REGION_VIEWERS,
    ['townDisplay', ...TOWN_ASKERS],
  ),
  'GET /api/v1/replay/marks': regionAndTown('/api/v1/replay/marks?', REGION_VIEWERS, ['townDisplay', ...TOWN_ASKERS]),
  'GET /api/v1/replay/shown': regionAndTown('/api/v1/replay/shown?at=2026-01-01T00:00:00Z&', REGION_VIEWERS, [
    'townDisplay',
    ...TOWN_ASKERS,
  ]),
  'GET /api/v1/replay/shown/instants': regionAndTown('/api/v1/replay/shown/instants?', REGION_VIEWERS, [
    'townDisplay',
    ...TOWN_ASKERS,
  ]),
  'GET /api/v1/alerts/:id': [
    {
      path: '/api/v1/alerts/A1',
      allowed: EVERY_VIEWER.filter((asker) => asker !== 'otherHandler'),
      hidden: ['otherHandler', ...FOREIGN_VIEWERS],
    },
    {
      path: '/api/v1/alerts/A2',
      allowed: ['display', ...READERS],
      hidden: [...HANDLERS, ...TOWN_ASKERS, 'townDisplay', ...FOREIGN_VIEWERS],
    },
  ],
  // With a stale expectation: whoever may is shown the alert (409).
  'POST /api/v1/alerts/:id/actions': [
    {
      path: '/api/v1/alerts/A1/actions',
      allowed: [...READERS, 'handler', ...TOWN_ASKERS],
      hidden: ['otherHandler', 'foreignLeader'],
      body: acting('note', { text: 'x' }),
    },
    {
      path: '/api/v1/alerts/A1/actions',
      allowed: ['officer', 'townOfficer', 'admin'],
      hidden: ['otherHandler', 'foreignLeader'],
      body: acting('amend', { reason: 'x', workers: 1 }),
    },
    {
      path: '/api/v1/alerts/A1/actions',
      allowed: ['leader', 'admin'],
      hidden: ['otherHandler', 'foreignLeader'],
      body: acting('supervise', { level: 'talk', text: 'x' }),
    },
    {
      path: '/api/v1/alerts/A2/actions',
      allowed: READERS,
      hidden: [...HANDLERS, ...TOWN_ASKERS, 'foreignLeader'],
      body: acting('note', { text: 'x' }),
    },
  ],
  // With a body that is no file of those taken: whoever may is told so (422).
  'POST /api/v1/alerts/:id/attachments': [
    {
      path: '/api/v1/alerts/A1/attachments?name=x',
      allowed: [...READERS, 'handler', ...TOWN_ASKERS],
      hidden: ['otherHandler', 'foreignLeader'],
      body: ['application/octet-stream', 'x'],
    },
    {
      path: '/api/v1/alerts/A2/attachments?name=x',
      allowed: READERS,
      hidden: [...HANDLERS, ...TOWN_ASKERS, 'foreignLeader'],
      body: ['application/octet-stream', 'x'],
    },
  ],
  'GET /api/v1/alerts/:id/attachments/:digest': [
    {
      path: `/api/v1/alerts/A1/attachments/${NO_FILE}`,
      allowed: [...READERS, 'handler', ...TOWN_ASKERS],
      hidden: ['otherHandler', 'foreignLeader'],
    },
    {
      path: `/api/v1/alerts/A2/attachments/${NO_FILE}`,
      allowed: READERS,
      hidden: [...HANDLERS, ...TOWN_ASKERS, 'foreignLeader'],
    },
  ],
  'POST /api/v1/alerts/actions': [
    {
      path: '/api/v1/alerts/actions',
      allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'],
      body: ['application/json', '{"actions":[]}'],
    },
  ],
  'POST /api/v1/clues': [
    { path: '/api/v1/clues', allowed: CLUE_ASKERS, body: clueIn(TOWN) },
    { path: '/api/v1/clues', allowed: CLUE_ASKERS.slice(0, 4), body: clueIn(OTHER_TOWN) },
  ],
  // With a body that is no picture: whoever may is told so (422).
  'POST /api/v1/clues/photos': [
    {
      path: '/api/v1/clues/photos?region=330110&name=x',
      allowed: CLUE_ASKERS,
      body: ['application/octet-stream', 'x'],
    },
  ],
  // A picture that nobody has: whoever may ask is told so (404).
  'GET /api/v1/clues/:id/photos/:digest': [
    {
      path: `/api/v1/clues/act-none/photos/${NO_FILE}?region=330110`,
      allowed: [...READERS, ...HANDLERS, ...TOWN_ASKERS, 'foreignLeader'],
    },
  ],
  'GET /api/v1/desk/filters': [
    { path: '/api/v1/desk/filters', allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'] },
  ],
  'PUT /api/v1/desk/filters': [
    {
      path: '/api/v1/desk/filters',
      allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'],
      body: ['application/json', '{"version":99,"items":[]}'],
    },
  ],
  // A handler asks for their own unit's.
  'GET /api/v1/units/:code/people': [
    {
      path: `/api/v1/units/${UNIT.code}/people?region=330110`,
      allowed: [...READERS, 'handler', ...TOWN_ASKERS],
    },
    {
      path: `/api/v1/units/${OTHER_UNIT.code}/people?region=330110`,
      allowed: [...READERS, 'otherHandler'],
    },
    { path: `/api/v1/units/${UNIT.code}/people?town=${OTHER_TOWN}`, allowed: [...READERS, 'handler'] },
  ],
  'GET /api/v1/alerts/:id/neighbours': [
    {
      path: '/api/v1/alerts/A1/neighbours',
      allowed: [...READERS, 'handler', ...TOWN_ASKERS],
      hidden: ['otherHandler', 'foreignLeader'],
    },
    {
      path: '/api/v1/alerts/A2/neighbours',
      allowed: READERS,
      hidden: [...HANDLERS, ...TOWN_ASKERS, 'foreignLeader'],
    },
  ],
  'GET /api/v1/alerts/:id/letters': [
    {
      path: '/api/v1/alerts/A1/letters',
      allowed: [...READERS, 'handler', ...TOWN_ASKERS],
      hidden: ['otherHandler', 'foreignLeader'],
    },
    {
      path: '/api/v1/alerts/A2/letters',
      allowed: READERS,
      hidden: [...HANDLERS, ...TOWN_ASKERS, 'foreignLeader'],
    },
  ],
  'GET /api/v1/enterprises/:uscc': [
    // Handlers are told what their scope has; what it has not is not there.
    {
      path: `/api/v1/enterprises/${SECRETS.uscc}?scope=330110`,
      allowed: [...READERS, 'handler', 'townHandler'],
      hidden: ['otherHandler'],
    },
    {
      path: `/api/v1/enterprises/${SECRETS.uscc}?scope=${TOWN}`,
      allowed: [...READERS, 'handler', 'townHandler'],
      hidden: ['otherHandler'],
    },
    {
      path: `/api/v1/enterprises/${SECRETS.uscc}?scope=${OTHER_TOWN}`,
      allowed: READERS,
      hidden: HANDLERS,
    },
  ],
  'GET /api/v1/subjects': [
    { path: '/api/v1/subjects?region=330110', allowed: [...READERS, 'townOfficer'] },
    { path: `/api/v1/subjects?region=330110&scope=${TOWN}`, allowed: [...READERS, 'townOfficer'] },
    { path: `/api/v1/subjects?region=330110&scope=${OTHER_TOWN}`, allowed: READERS },
    { path: '/api/v1/subjects?region=330111', allowed: ['admin', 'foreignLeader'] },
    { path: '/api/v1/subjects?region=330100', allowed: ['admin'] },
  ],
  'GET /api/v1/subjects/suggest': [
    {
      path: '/api/v1/subjects/suggest?q=%E5%BB%BA%E7%AD%91',
      allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'],
    },
    {
      path: '/api/v1/subjects/suggest?q=%E5%BB%BA%E7%AD%91&region=330110',
      allowed: [...REGION_ASKERS, ...TOWN_ASKERS],
    },
    { path: '/api/v1/subjects/suggest?q=%E5%BB%BA%E7%AD%91&region=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  'GET /api/v1/subjects/heat': [
    { path: '/api/v1/subjects/heat?region=330110', allowed: [...READERS, 'townOfficer'] },
    { path: `/api/v1/subjects/heat?region=330110&scope=${OTHER_TOWN}`, allowed: READERS },
    { path: '/api/v1/subjects/heat?region=330111', allowed: ['admin', 'foreignLeader'] },
    { path: '/api/v1/subjects/heat?region=330100', allowed: ['admin'] },
  ],
  'GET /api/v1/subjects.csv': [
    { path: '/api/v1/subjects.csv?region=330110', allowed: [...READERS, 'townOfficer'] },
    { path: `/api/v1/subjects.csv?region=330110&scope=${OTHER_TOWN}`, allowed: READERS },
    { path: '/api/v1/subjects.csv?region=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  'GET /api/v1/subjects/:key': [
    { path: '/api/v1/subjects/P:NONE?region=330110', allowed: [...READERS, 'townOfficer'] },
    { path: '/api/v1/subjects/P:NONE?region=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  // What is silent concerns all towns of a region: a town's officer must see it, too.
  'GET /api/v1/sources': [
    { path: '/api/v1/sources?region=330110', allowed: [...READERS, 'townOfficer'] },
    { path: '/api/v1/sources?region=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  'GET /api/v1/alerts/:id/signals': [
    {
      path: '/api/v1/alerts/A1/signals',
      allowed: [...READERS, 'handler', ...TOWN_ASKERS],
      hidden: ['otherHandler', 'foreignLeader'],
    },
    {
      path: '/api/v1/alerts/A2/signals',
      allowed: READERS,
      hidden: [...HANDLERS, ...TOWN_ASKERS, 'foreignLeader'],
    },
  ],
  'GET /api/v1/rules': [
    { path: '/api/v1/rules?region=330110', allowed: [...READERS, 'townOfficer'] },
    { path: '/api/v1/rules?region=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  'GET /api/v1/rules/:version': [
    { path: '/api/v1/rules/none?region=330110', allowed: [...READERS, 'townOfficer'] },
    { path: '/api/v1/rules/none?region=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  'POST /api/v1/rules': [{ path: '/api/v1/rules?region=330110', allowed: ['admin'], body: ['application/json', '{}'] }],
  'POST /api/v1/rules/:version/test': [{ path: '/api/v1/rules/none/test?region=330110', allowed: ['admin'] }],
  'POST /api/v1/rules/:version/activate': [
    {
      path: '/api/v1/rules/none/activate?region=330110',
      allowed: ['admin'],
      body: ['application/json', '{"why":"x"}'],
    },
  ],
  'GET /api/v1/inbox': [
    { path: '/api/v1/inbox', allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'] },
    { path: '/api/v1/inbox?scope=330110&after=0-0', allowed: REGION_ASKERS },
    { path: `/api/v1/inbox?scope=${TOWN}`, allowed: [...REGION_ASKERS, ...TOWN_ASKERS] },
    { path: '/api/v1/inbox?scope=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  'GET /api/v1/supervisions': [
    { path: '/api/v1/supervisions?scope=330110', allowed: ['leader', 'admin'] },
    { path: '/api/v1/supervisions?scope=330111', allowed: ['foreignLeader', 'admin'] },
  ],
  'GET /api/v1/letters': [
    { path: '/api/v1/letters', allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'] },
    { path: '/api/v1/letters?scope=330110', allowed: REGION_ASKERS },
    { path: `/api/v1/letters?scope=${TOWN}`, allowed: [...REGION_ASKERS, ...TOWN_ASKERS] },
    { path: '/api/v1/letters?scope=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  'GET /api/v1/units/performance': [
    { path: '/api/v1/units/performance?region=330110', allowed: [...REGION_ASKERS, ...TOWN_ASKERS] },
    { path: '/api/v1/units/performance?region=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  'GET /api/v1/units/performance/cases': [
    {
      path: `/api/v1/units/performance/cases?region=330110&figure=received&unit=${UNIT.code}`,
      allowed: [...READERS, 'handler', ...TOWN_ASKERS],
    },
    {
      path: '/api/v1/units/performance/cases?region=330111&figure=open&unit=brigade',
      allowed: ['admin', 'foreignLeader'],
    },
  ],
  'POST /api/v1/supervisions/:id': [
    {
      path: '/api/v1/supervisions/none?scope=330110',
      allowed: ['leader', 'admin'],
      body: ['application/json', '{"do":"drop","reason":"x"}'],
    },
  ],
  'GET /api/v1/calendars': [
    { path: '/api/v1/calendars', allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'] },
  ],
  'POST /api/v1/calendars': [{ path: '/api/v1/calendars', allowed: ['admin'], body: ['application/json', '{}'] }],
  'GET /api/v1/connectors': [
    { path: '/api/v1/connectors?region=330110', allowed: ['admin'] },
    { path: '/api/v1/connectors?region=330111', allowed: ['admin'] },
  ],
  'PUT /api/v1/connectors/:platform': [
    { path: '/api/v1/connectors/tri-colour?region=330110', allowed: ['admin'], body: ['application/json', '{}'] },
  ],
  'DELETE /api/v1/connectors/:platform': [{ path: '/api/v1/connectors/tri-colour?region=330110', allowed: ['admin'] }],
  'POST /api/v1/connectors/:platform/secret': [
    { path: '/api/v1/connectors/tri-colour/secret?region=330110', allowed: ['admin'] },
  ],
  'POST /api/v1/connectors/:platform/test': [
    { path: '/api/v1/connectors/tri-colour/test?region=330110', allowed: ['admin'] },
  ],
  'POST /api/v1/connectors/:platform/resend': [
    {
      path: '/api/v1/connectors/tri-colour/resend?region=330110',
      allowed: ['admin'],
      body: ['application/json', '{}'],
    },
  ],
  'POST /api/v1/reports': [
    {
      path: '/api/v1/reports',
      allowed: READERS,
      body: ['application/json', '{"kind":"special","scope":"330110"}'],
    },
    {
      path: '/api/v1/reports',
      allowed: [...READERS, 'townOfficer'],
      body: ['application/json', `{"kind":"special","scope":"${TOWN}"}`],
    },
  ],
  // A handler is told of the reports about their own unit.
  'GET /api/v1/reports': [
    ...regionAndTown('/api/v1/reports?', REGION_ASKERS, TOWN_ASKERS),
    { path: '/api/v1/reports', allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'] },
    { path: '/api/v1/reports?scope=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  ...Object.fromEntries(
    ['', '.html', '.docx', '.xlsx', '/lists'].map((ending) => [
      `GET /api/v1/reports/:id${ending}`,
      [
        { path: `/api/v1/reports/none${ending}`, allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'] },
      ] as Row[],
    ]),
  ),
  'GET /api/v1/report-templates': [{ path: '/api/v1/report-templates', allowed: ['admin'] }],
  ...Object.fromEntries(
    (
      [
        ['PUT', '', '&name=a'],
        ['POST', '/preview', ''],
        ['GET', '/file', ''],
        ['DELETE', '', ''],
      ] as const
    ).map(([method, path, more]) => [
      `${method} /api/v1/report-templates${path}`,
      [
        {
          path: `/api/v1/report-templates${path}?region=330110&about=situation&kind=monthly${more}`,
          allowed: ['admin'],
          ...(method === 'PUT' || method === 'POST' ? { body: ['application/octet-stream', 'x'] } : {}),
        },
      ] as Row[],
    ]),
  ),
  'GET /api/v1/report-schedules': [
    ...regionAndTown('/api/v1/report-schedules?', READERS, ['townOfficer']),
    { path: '/api/v1/report-schedules?scope=330111', allowed: ['admin', 'foreignLeader'] },
  ],
  'POST /api/v1/report-schedules': [{ path: '/api/v1/report-schedules', allowed: READERS, body: SCHEDULED }],
  'PUT /api/v1/report-schedules/:id': [
    {
      path: '/api/v1/report-schedules/none',
      allowed: [...READERS, 'townOfficer', 'foreignLeader'],
      body: SCHEDULED,
    },
  ],
  'DELETE /api/v1/report-schedules/:id': [
    { path: '/api/v1/report-schedules/none', allowed: [...READERS, 'townOfficer', 'foreignLeader'] },
  ],
  'GET /api/v1/terms': [
    { path: `/api/v1/terms?region=330110&${TERM}`, allowed: [...REGION_ASKERS, ...TOWN_ASKERS] },
    { path: `/api/v1/terms?region=330111&${TERM}`, allowed: ['admin', 'foreignLeader'] },
    { path: `/api/v1/terms?region=330100&${TERM}`, allowed: ['admin'] },
  ],
  'GET /healthz': [{ path: '/healthz', allowed: 'everybody' }],
  'GET /readyz': [{ path: '/readyz', allowed: 'everybody' }],
  // Here, as everybody who asks in this test does so from this machine; from elsewhere, see below.
  'GET /metrics': [{ path: '/metrics', allowed: 'everybody' }],
  'POST /api/v1/access/session': [
    { path: '/api/v1/access/session', allowed: 'everybody', body: ['application/json', '{}'] },
  ],
  'GET /api/v1/access/session': [{ path: '/api/v1/access/session', allowed: 'everybody' }],
  // Whoever is let in is told that there are none: the program is closed.
  'GET /api/v1/personas': [{ path: '/api/v1/personas', allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'] }],
  'POST /api/v1/personas': [
    {
      path: '/api/v1/personas',
      allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'],
      body: ['application/json', '{"id":"leader"}'],
    },
  ],
  'DELETE /api/v1/personas': [
    { path: '/api/v1/personas', allowed: [...REGION_ASKERS, ...TOWN_ASKERS, 'foreignLeader'] },
  ],
  // A token of the role display is no paired kiosk: it is told so (409).
  'POST /api/v1/access/clerk': [
    {
      path: '/api/v1/access/clerk',
      allowed: ['display', 'townDisplay', 'foreignDisplay'],
      body: ['application/json', '{"number":"1234","code":"582093"}'],
    },
  ],
  'GET /api/v1/access/clerk': [{ path: '/api/v1/access/clerk', allowed: [...HANDLERS, 'townHandler'] }],
  'DELETE /api/v1/access/clerk': [{ path: '/api/v1/access/clerk', allowed: [...HANDLERS, 'townHandler'] }],
  'PUT /api/v1/access/session/clerk-code': [
    {
      path: '/api/v1/access/session/clerk-code',
      allowed: [...HANDLERS, 'townHandler', 'officer', 'townOfficer'],
      body: ['application/json', '{}'],
    },
  ],
  'PUT /api/v1/access/people/:id/clerk-code': [
    { path: '/api/v1/access/people/nobody/clerk-code', allowed: ['admin'], body: ['application/json', '{}'] },
  ],
  'DELETE /api/v1/access/people/:id/clerk-code': [
    { path: '/api/v1/access/people/nobody/clerk-code', allowed: ['admin'] },
  ],
  // A handler is told that this is for a clerk at a kiosk (409).
  'GET /api/v1/clerk/cases': [{ path: '/api/v1/clerk/cases', allowed: [...HANDLERS, 'townHandler'] }],
  'GET /api/v1/access/people': [{ path: '/api/v1/access/people', allowed: ['admin'] }],
  'POST /api/v1/access/people': [
    { path: '/api/v1/access/people', allowed: ['admin'], body: ['application/json', '{}'] },
  ],
  'POST /api/v1/access/people/:id/invite': [{ path: '/api/v1/access/people/nobody/invite', allowed: ['admin'] }],
  'PATCH /api/v1/access/people/:id': [
    { path: '/api/v1/access/people/nobody', allowed: ['admin'], body: ['application/json', '{}'] },
  ],
  'DELETE /api/v1/access/people/:id': [{ path: '/api/v1/access/people/nobody', allowed: ['admin'] }],
  'DELETE /api/v1/access/people/:id/sessions': [{ path: '/api/v1/access/people/nobody/sessions', allowed: ['admin'] }],
  'GET /api/v1/access/tokens': [{ path: '/api/v1/access/tokens', allowed: ['admin'] }],
  'POST /api/v1/access/tokens': [
    { path: '/api/v1/access/tokens', allowed: ['admin'], body: ['application/json', '{}'] },
  ],
  'DELETE /api/v1/access/tokens/:id': [{ path: '/api/v1/access/tokens/nobody', allowed: ['admin'] }],
  'GET /api/v1/access/pairings/:code': [{ path: '/api/v1/access/pairings/ACDEFH', allowed: ['admin'] }],
  'POST /api/v1/access/pairings/:code': [
    { path: '/api/v1/access/pairings/ACDEFH', allowed: ['admin'], body: ['application/json', '{}'] },
  ],
  'GET /api/v1/access/displays': [{ path: '/api/v1/access/displays', allowed: ['admin'] }],
  'GET /api/v1/access/displays/:id': [{ path: '/api/v1/access/displays/nobody', allowed: ['admin'] }],
  'PATCH /api/v1/access/displays/:id': [
    { path: '/api/v1/access/displays/nobody', allowed: ['admin'], body: ['application/json', '{}'] },
  ],
  'DELETE /api/v1/access/displays/:id': [{ path: '/api/v1/access/displays/nobody', allowed: ['admin'] }],
  'POST /api/v1/access/displays/:id/reload': [{ path: '/api/v1/access/displays/nobody/reload', allowed: ['admin'] }],
  'POST /api/v1/access/displays/:id/identify': [
    { path: '/api/v1/access/displays/nobody/identify', allowed: ['admin'] },
  ],
  'GET /api/v1/access/trail': [{ path: '/api/v1/access/trail', allowed: ['admin'] }],
  'POST /api/v1/access/invite': [
    { path: '/api/v1/access/invite', allowed: 'everybody', body: ['application/json', '{}'] },
  ],
  'POST /api/v1/access/invite/look': [
    { path: '/api/v1/access/invite/look', allowed: 'everybody', body: ['application/json', '{}'] },
  ],
  'POST /api/v1/access/pairings': [{ path: '/api/v1/access/pairings', allowed: 'everybody' }],
  'GET /api/v1/access/pairings/mine': [{ path: '/api/v1/access/pairings/mine', allowed: 'everybody' }],
  'GET /api/v1/access/oidc/start': [{ path: '/api/v1/access/oidc/start', allowed: 'everybody' }],
  'GET /api/v1/access/oidc/callback': [{ path: '/api/v1/access/oidc/callback', allowed: 'everybody' }],
  'POST /api/v1/access/session/password': [
    {
      path: '/api/v1/access/session/password',
      allowed: [...EVERY_VIEWER, ...FOREIGN_VIEWERS, 'ingest', 'sourced', 'foreignIngest'],
      body: ['application/json', '{"old":"a","new":"b"}'],
    },
  ],
  'POST /api/v1/access/session/renew': [
    { path: '/api/v1/access/session/renew', allowed: ['display', 'townDisplay', 'foreignDisplay'] },
  ],
  'DELETE /api/v1/access/session': [{ path: '/api/v1/access/session', allowed: 'everybody' }],
};
