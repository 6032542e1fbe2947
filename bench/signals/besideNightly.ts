import { CODE_NAMES } from '../../common/codeNames.ts';
import { dayOf, toRfc3339 } from '../../common/regionTime.ts';
import type { RegionPack } from '../../contract/region.ts';
import { mib, ms, row, spreadOf } from '../measure.ts';
import { postgresBin } from '../reads/postgres.ts';
import type { BenchServer } from '../serverProcess.ts';
import { startNightlyJob, type JobResult } from './nightlyJob.ts';
import { benchRules, usccOf } from './workload.ts';

/** Rounds of the job, and of an observation until a list shows it. */
const ROUNDS = 5;
const SHOWN_ROUNDS = 20;
/** From this number on there are no employers. */
const UNKNOWN = 100_000_000;

/** The same register and observations in PostgreSQL and by a job at night: whether both say the same of everybody, how long it takes, and how old its answer is. */
export async function benchBesideNightly(
  server: BenchServer,
  pack: RegionPack,
  data: { register: readonly Buffer[]; observations: () => Iterable<readonly Buffer[]>; now: number },
): Promise<void> {
  const bin = postgresBin();
  if (!bin) {
    row('  nightly SQL job', 'left out', 'PostgreSQL is not installed here: apt-get install postgresql');
    return;
  }
  const job = await startNightlyJob(bin, benchRules(pack.code));
  try {
    await job.register(data.register);
    for (const some of data.observations()) await job.observe(some);
    await job.prepare();
    const day = dayOf(data.now);
    const times: number[] = [];
    const used = job.cpuSeconds();
    let count = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const started = performance.now();
      count = await job.run(day);
      times.push(performance.now() - started);
    }
    const spread = spreadOf(times);
    row(
      `  nightly SQL job, PostgreSQL ${job.version}, all ${count.toLocaleString('en')}`,
      ms(spread.p50),
      `median of ${ROUNDS} (max ${ms(spread.max)}), CPU ${ms(((job.cpuSeconds() - used) * 1000) / ROUNDS)}; ${mib(await job.bytes())} on disk`,
    );
    const different = differences(await job.results(), await shownBy(server, pack));
    row('  … said otherwise here, of everybody', String(different.length), different.slice(0, 3).join('; '));
    row('  age of its answer', '12 h', 'on average, 24 h at most, where it runs once a night; and the job');
  } finally {
    await job.stop();
  }
  await shownAfter(server, pack);
}

/** By a list as a file: what is known of everybody now. */
async function shownBy(server: BenchServer, { code }: RegionPack): Promise<Map<string, JobResult>> {
  const response = await fetch(`${server.url}/api/v1/subjects.csv?region=${code}&lang=en`);
  if (!response.ok) throw new Error(`subjects.csv: ${response.status} ${await response.text()}`);
  // Nothing of the bench needs quotes.
  const [head, ...lines] = (await response.text())
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  const at = (heading: string) => head!.indexOf(heading);
  const [key, score, tier, workers] = [at('Key'), at('Score'), at('Tier'), at('Workers')];
  const tiers = new Map(Object.entries(CODE_NAMES.en.tiers).map(([one, name]) => [name, one]));
  return new Map(
    lines.map((line) => [
      line[key]!,
      { score: Number(line[score]), tier: tiers.get(line[tier]!) ?? '', workers: Number(line[workers]) },
    ]),
  );
}

function differences(job: ReadonlyMap<string, JobResult>, shown: ReadonlyMap<string, JobResult>): string[] {
  const told = (one: JobResult | undefined) => (one ? `${one.score} ${one.tier} ${one.workers}` : 'nothing');
  const keys = new Set([...job.keys(), ...shown.keys()]);
  return [...keys]
    .filter((key) => told(job.get(key)) !== told(shown.get(key)))
    .map((key) => `${key}: ${told(job.get(key))} by the job, ${told(shown.get(key))} here`);
}

/** One observation each time, about somebody who was never heard of, until a list shows the score. */
async function shownAfter(server: BenchServer, { code }: RegionPack): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < SHOWN_ROUNDS; i++) {
    const uscc = usccOf(UNKNOWN + i);
    const shown = async () => {
      const answer = await fetch(`${server.url}/api/v1/subjects?region=${code}&q=${uscc}&limit=1`);
      return ((await answer.json()) as { total: number }).total > 0;
    };
    const sent = await fetch(`${server.url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({
        specversion: '1.0',
        id: `shown-${i}`,
        source: 'urn:bench:grid',
        type: 'wage.signal.observed',
        time: toRfc3339(Date.now() - 1_000),
        data: { region: code, indicator: 'grid.event', enterprise: { uscc } },
      }),
    });
    if (sent.status !== 202) throw new Error(`${sent.status} ${await sent.text()}`);
    const started = performance.now();
    while (!(await shown()))
      if (performance.now() - started > 60_000) throw new Error(`no list shows ${uscc} after a minute`);
    times.push(performance.now() - started);
  }
  const { p50, max } = spreadOf(times);
  row('  age of the answer here', `p50 ${ms(p50)}`, `max ${ms(max)}: from the 202 until a list shows the score`);
}
