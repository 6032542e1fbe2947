import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEN_SOURCES } from '../../contract/codes.ts';
import type { RulePack, Rules } from '../../contract/rulePack.ts';
import type { SubjectList, SubjectPortrait, Sources } from '../../contract/subjects.ts';
import { get, startServer, until, type RunningServer } from '../support/server.ts';
import { allAlerts } from '../support/signals.ts';

/** docs/sources.md as its reader uses it: every example is pasted into a shell beside a running server, and must be worth what it says. */

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
/** Each chapter's channel (none: before the first one), its examples, and all its text. */
const chapters = read('docs/sources.md')
  .split(/^## /m)
  .map((text) => ({
    channel: /^.*`([a-z-]+)`$/m.exec(text.split('\n', 1)[0]!)?.[1],
    examples: examplesIn(text),
    text,
  }));
const ofChannels = chapters.flatMap(({ channel, ...rest }) => (channel === undefined ? [] : [{ channel, ...rest }]));
function examplesIn(text: string): string[] {
  return [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, code]) => code!);
}

/** What an example sends: a document, or one a line. */
function sentBy(example: string): unknown[] {
  const sent = /<<EOF\n(.*)\nEOF/s.exec(example)![1]!;
  return (sent.startsWith('{\n') ? [sent] : sent.split('\n')).map((text): unknown => JSON.parse(text));
}

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Runs an example as it stands, but for the address of the server. */
function paste(example: string): { accepted: number; rejected: unknown[] } {
  const { stdout, stderr } = spawnSync('bash', ['-c', example.replaceAll('http://127.0.0.1:8080', server.url)], {
    encoding: 'utf8',
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as ReturnType<typeof paste>;
}
const NONE_REJECTED = { rejected: [], rejectedTotal: 0 };
const shipped = (region: string) => JSON.parse(read(`assets/rules/${region}.json`)) as RulePack;

describe('docs/sources.md', () => {
  it('has a chapter for each of the ten kinds of data, with every indicator that the shipped packs have', () => {
    expect(ofChannels.map(({ channel }) => channel)).toEqual(TEN_SOURCES);
    const { indicators } = shipped('330110');
    for (const { channel, examples, text } of ofChannels) {
      expect(examples, channel).toHaveLength(1);
      const listed = [...(/^Indicators: (.*)$/m.exec(text)?.[1] ?? '').matchAll(/`([a-z-]+\.[a-z-]+)`/g)];
      const codes = listed.map(([, code]) => code!);
      expect(codes, channel).toEqual(Object.keys(indicators).filter((code) => indicators[code]!.channel === channel));
      for (const region of ['310113', '370811'])
        expect(Object.keys(shipped(region).indicators)).toEqual(expect.arrayContaining(codes));
    }
    // Those in both READMEs are these: one as it stands, and all ten as the lines of a file.
    for (const file of ['README.md', 'README.zh-CN.md']) {
      const own = examplesIn(read(file)).filter((code) => code.includes('wage.signal.observed'));
      expect(own, file).toHaveLength(2);
      expect(ofChannels.flatMap(({ examples }) => examples)).toContain(own[0]);
      expect(sentBy(own[1]!), file).toEqual(ofChannels.flatMap(({ examples }) => sentBy(examples[0]!)));
    }
  });

  it('has examples that are accepted and counted, and are worth what stands below them', async () => {
    const { items } = await get<Rules>(server.url, '/api/v1/rules?region=330110');
    const activated = await fetch(`${server.url}/api/v1/rules/${items[0]!.version}/activate?region=330110`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ why: '某区开始使用规则', settle: true }),
    });
    expect(activated.status).toBe(200);
    // The examples tell their time in whole seconds: one of the second in which the rules came into force may be before them.
    await sleep(1_000);
    const before = chapters.filter(({ channel }) => channel === undefined).flatMap(({ examples }) => examples);
    expect(before.map(paste)).toEqual([{ accepted: 3, ...NONE_REJECTED }]);

    for (const { channel, examples } of ofChannels)
      expect(paste(examples[0]!), channel).toEqual({ accepted: 1, ...NONE_REJECTED });
    await until('all are counted', async () => {
      const { channels } = await get<Sources>(server.url, '/api/v1/sources?region=330110');
      return TEN_SOURCES.every((channel) => channels[channel]?.today === 1);
    });
    const raising = ofChannels.filter(({ text }) => /\*\*\w+ alert\*\*/.test(text));
    expect(raising.length).toBeGreaterThan(0);
    const alerts = await until('those that raise an alert have done so', async () => {
      const raised = await allAlerts(server.url);
      return raised.length >= raising.length && raised;
    });
    expect(alerts).toHaveLength(raising.length);

    for (const { channel, text } of ofChannels) {
      const { total, items: found } = await get<SubjectList>(
        server.url,
        `/api/v1/subjects?region=330110&channel=${channel}`,
      );
      expect(total, channel).toBe(1);
      const [subject] = found;
      expect(`**${subject!.score} points**`, channel).toBe(/\*\*\d+ points\*\*/.exec(text)?.[0]);
      expect(subject!.watch, channel).toBe(subject!.score >= shipped('330110').watch);
      if (text.includes('watch list')) expect(subject!.watch, channel).toBe(true);
      const portrait = await get<SubjectPortrait>(
        server.url,
        `/api/v1/subjects/${encodeURIComponent(subject!.key)}?region=330110`,
      );
      expect(portrait.counting, channel).toHaveLength(1);
      expect(portrait.alerts.map(({ tier }) => `**${tier} alert**`)).toEqual(
        /\*\*\w+ alert\*\*/.exec(text)?.slice(0, 1) ?? [],
      );
    }
    // Sent again, nothing counts twice.
    expect(paste(ofChannels[0]!.examples[0]!)).toEqual({ accepted: 1, ...NONE_REJECTED });
    const all = examplesIn(read('README.md')).find(
      (code) => code.includes('x-ndjson') && code.includes('signal.observed'),
    );
    expect(paste(all!)).toEqual({ accepted: 10, ...NONE_REJECTED });
    const { channels } = await get<Sources>(server.url, '/api/v1/sources?region=330110');
    expect(TEN_SOURCES.map((channel) => channels[channel]?.today)).toEqual(TEN_SOURCES.map(() => 1));
  });
});
