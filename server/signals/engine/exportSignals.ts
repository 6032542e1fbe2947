import { dayText, toRfc3339 } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { readEntries } from '../../streams/entries.ts';
import { decodeEntry } from '../../streams/observations/entry.ts';
import { observationKeys } from '../../streams/observations/keys.ts';
import { NO_UNTIL } from '../assess/observation.ts';
import { createRuleStore } from '../packs/ruleStore.ts';
import { decodeInput, OBSERVATIONS } from './decodeInput.ts';
import { createEngineStore } from './engineStore.ts';
import type { KeptObservation, Registration } from './subject.ts';

const AT_ONCE = 100;

/**
 * All that is kept of a region's registrations and observations as events, one a line: the registration that holds of each
 * subject, observations as they came, with `received`, then what is accepted and not yet decided. What is decided meanwhile may
 * come twice, and counts once.
 */
export async function* exportSignals(redis: RedisClient, region: string): AsyncIterable<string> {
  const store = createEngineStore(redis, region);
  const [words, indicators] = await Promise.all([store.words(), createRuleStore(redis, region).indicators()]);
  const codes: string[] = [];
  for (const [code, { number }] of indicators) codes[number] = code;
  const keys: SubjectKey[] = [];
  for await (const part of store.scan(words)) {
    let text = '';
    for (const { subject } of part) {
      keys[subject.n] = subject.key;
      if (subject.registration) text += registered(region, subject.key, subject.registration);
    }
    yield text;
  }
  // One of a subject that is newer than what was read above is in the stream below.
  for await (const part of store.observations(words))
    yield part
      .filter(({ subject }) => keys[subject] !== undefined)
      .map((one) => observed(region, keys[one.subject]!, codes[one.indicator]!, one, one.received))
      .join('');
  yield* undecided(redis, region);
}

async function* undecided(redis: RedisClient, region: string): AsyncIterable<string> {
  const { observations } = observationKeys(region);
  for (let after = '0-0'; ;) {
    const entries = await readEntries(redis, observations, after, AT_ONCE);
    if (!entries.length) return;
    after = entries.at(-1)!.id;
    yield entries
      .flatMap((entry) => {
        const { received } = decodeEntry(entry.payload);
        return decodeInput(entry, OBSERVATIONS).map((event) => {
          if (event.kind === 'registered') return registered(region, event.key, event.registration);
          return event.kind === 'observed' ? observed(region, event.key, event.code, event.observation, received) : '';
        });
      })
      .join('');
  }
}

function registered(region: string, key: SubjectKey, one: Registration): string {
  const { name, project, town, industry, active, headcount, location, more } = one;
  const uscc = key.startsWith('U:') ? key.slice(2) : one.uscc;
  return line({
    id: one.id,
    source: one.source,
    type: 'wage.subject.registered',
    time: toRfc3339(one.time),
    data: {
      region,
      kind: project ? 'project' : 'enterprise',
      enterprise: { uscc, name },
      project,
      town,
      industry,
      headcount,
      location,
      ...more,
      status: active ? 'active' : 'ceased',
    },
  });
}

function observed(
  region: string,
  key: SubjectKey,
  indicator: string,
  { time, source, id, ref, value, amountFen, workers, until, more }: KeptObservation,
  received: number,
): string {
  const rest = key.slice(2);
  const { name, uscc, projectName, ...where } = more ?? {};
  const enterprise = {
    uscc: key.startsWith('U:') ? rest : uscc,
    name: name ?? (key.startsWith('N:') ? rest : undefined),
  };
  return line({
    id,
    source,
    type: 'wage.signal.observed',
    time: toRfc3339(time),
    received: toRfc3339(received),
    data: {
      region,
      indicator,
      enterprise: enterprise.uscc === undefined && enterprise.name === undefined ? undefined : enterprise,
      project: key.startsWith('P:') ? { id: rest, name: projectName } : undefined,
      ref: ref === '' ? undefined : ref,
      value: value / 1000,
      amountFen: amountFen || undefined,
      workers: workers || undefined,
      until: until === NO_UNTIL ? undefined : dayText(until),
      ...where,
    },
  });
}

const line = (event: object): string => `${JSON.stringify({ specversion: '1.0', ...event })}\n`;
