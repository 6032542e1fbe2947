import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end } from '../../testing/endOf.ts';
import { freePort } from '../../testing/freePort.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { cpuSeconds, residentBytes } from '../serverProcess.ts';
import type { Peer } from './peer.ts';

/** The newest Node-RED that runs on Node 20, and Dashboard 2; installed beside the project, never into it. */
const VERSIONS = { 'node-red': '4.1.8', '@flowfuse/node-red-dashboard': '1.31.0' };
const FOLDER = join(PROJECT_ROOT, '.data-peers/node-red');

/** Where Node-RED is installed; undefined, with a line why, where that cannot be done. */
export function installNodeRed(): string | undefined {
  const program = join(FOLDER, 'node_modules/node-red/red.js');
  if (existsSync(program)) return program;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), JSON.stringify({ private: true, dependencies: VERSIONS }));
  process.stdout.write('Installing Node-RED and Dashboard 2 …\n');
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], {
    cwd: FOLDER,
    encoding: 'utf8',
  });
  if (status === 0 && existsSync(program)) return program;
  process.stdout.write(
    `Node-RED is left out: npm could not install it (${stderr.trim().split('\n').at(-1) ?? `code ${status}`})\n`,
  );
  return undefined;
}

/**
 * Counts as somebody who knows Node-RED would: one function node keeps the figures in the flow's context, which is kept on
 * disk; the dashboard is told at most four times a second, always of the newest.
 */
const COUNT = `
const f = flow.get('figures') ?? { totals: { raised: 0, workers: 0, amountFen: 0, effective: 0, falseAlarm: 0, recoveredFen: 0, closed: 0, open: 0 }, byTier: {}, byTown: {}, byIndustry: {}, byChannel: {}, byStage: {}, series: {}, latest: [] };
const bump = (table, key) => { table[key] = (table[key] ?? 0) + 1; };
for (const { type, time, data } of msg.payload) {
  switch (type) {
    case 'wage.alert.raised':
      f.totals.raised++; f.totals.open++; f.totals.workers += data.workers; f.totals.amountFen += data.amountFen;
      bump(f.byTier, data.tier); bump(f.byTown, data.town); bump(f.byIndustry, data.industry); bump(f.byChannel, data.channel); bump(f.series, time.slice(0, 10));
      f.latest.unshift({ ...data, raisedAt: time }); f.latest.length = Math.min(f.latest.length, 50);
      break;
    case 'wage.alert.audited': if (data.verdict === 'effective') f.totals.effective++; else f.totals.falseAlarm++; break;
    case 'wage.wages.recovered': f.totals.recoveredFen += data.amountFen; break;
    case 'wage.alert.closed': f.totals.closed++; f.totals.open--; break;
  }
  bump(f.byStage, type);
}
flow.set('figures', f);
return [{ ...msg, statusCode: 202, payload: {} }, { topic: 'figures', payload: f }];`;

const FLOW = [
  { id: 'tab', type: 'tab', label: 'wall' },
  {
    id: 'base',
    type: 'ui-base',
    name: 'wall',
    path: '/dashboard',
    includeClientData: false,
    acceptsClientConfig: [],
    showPathInSidebar: false,
  },
  { id: 'theme', type: 'ui-theme', name: 'dark', colors: {}, sizes: {} },
  {
    id: 'page',
    type: 'ui-page',
    name: 'wall',
    ui: 'base',
    path: '/wall',
    layout: 'grid',
    theme: 'theme',
    order: 1,
    visible: true,
    disabled: false,
  },
  {
    id: 'group',
    type: 'ui-group',
    name: 'figures',
    page: 'page',
    width: 12,
    height: 1,
    order: 1,
    showTitle: false,
    visible: true,
    disabled: false,
  },
  { id: 'in', type: 'http in', z: 'tab', url: '/events', method: 'post', upload: false, wires: [['count']] },
  { id: 'count', type: 'function', z: 'tab', func: COUNT, outputs: 2, wires: [['answer'], ['tick']] },
  { id: 'answer', type: 'http response', z: 'tab', wires: [] },
  {
    id: 'tick',
    type: 'delay',
    z: 'tab',
    pauseType: 'queue',
    timeout: '1',
    timeoutUnits: 'seconds',
    rate: '4',
    nbRateUnits: '1',
    rateUnits: 'second',
    randomFirst: '1',
    randomLast: '5',
    randomUnits: 'seconds',
    drop: false,
    allowrate: false,
    outputs: 1,
    wires: [['shown']],
  },
  {
    id: 'shown',
    type: 'ui-template',
    z: 'tab',
    group: 'group',
    name: 'all figures',
    order: 1,
    width: 0,
    height: 0,
    format: '<template><pre>{{ msg.payload }}</pre></template>',
    storeOutMessages: true,
    passthru: true,
    resendOnRefresh: true,
    templateScope: 'local',
    wires: [[]],
  },
  { id: 'ask', type: 'http in', z: 'tab', url: '/figures', method: 'get', upload: false, wires: [['read']] },
  {
    id: 'read',
    type: 'function',
    z: 'tab',
    func: "msg.payload = flow.get('figures') ?? { totals: { raised: 0 } }; return msg;",
    outputs: 1,
    wires: [['told']],
  },
  { id: 'told', type: 'http response', z: 'tab', wires: [] },
];

/** @returns undefined where Node-RED cannot be installed */
export async function startNodeRed(): Promise<Peer | undefined> {
  const program = installNodeRed();
  if (!program) return undefined;
  const userDir = mkdtempSync(join(tmpdir(), 'wagewatch-nodered-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(FLOW));
  // Dashboard 2 wants screens to begin with polling; the cost of one is the same once it has a WebSocket.
  writeFileSync(
    join(userDir, 'settings.js'),
    `module.exports = { uiPort: ${port}, uiHost: '127.0.0.1', flowFile: 'flows.json', httpAdminRoot: false, apiMaxLength: '50mb', telemetry: { enabled: false }, dashboard: { ioMiddleware: (socket, next) => next() },
    nodesDir: ${JSON.stringify(join(FOLDER, 'node_modules/@flowfuse/node-red-dashboard'))}, contextStorage: { default: { module: 'localfilesystem' } }, logging: { console: { level: 'error' } } };`,
  );
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [program, '--userDir', userDir], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env.PATH, HOME: userDir, NODE_RED_ENABLE_PROJECTS: 'false' },
    });
    for (;;) {
      if (child.exitCode !== null) throw new Error('Node-RED ended');
      if ((await fetch(`${url}/figures`).catch(() => undefined))?.ok) return child;
      await sleep(100);
    }
  };
  let child = await start();
  return {
    name: `Node-RED ${VERSIONS['node-red']}, Dashboard 2 ${VERSIONS['@flowfuse/node-red-dashboard']}`,
    ingest: `${url}/events`,
    screens: { kind: 'dashboard', urls: [url] },
    async raised() {
      return ((await (await fetch(`${url}/figures`)).json()) as { totals: { raised: number } }).totals.raised;
    },
    cpu: () => cpuSeconds(child.pid!),
    memory: () => residentBytes(child.pid!),
    async crash() {
      await end(child, 'SIGKILL');
      child = await start();
    },
    async stop() {
      await end(child);
      rmSync(userDir, { recursive: true, force: true });
    },
  };
}
