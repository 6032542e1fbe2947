import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { RulePack, Rules, TestResult } from '../contract/rulePack.ts';
import { conditionText } from '../common/ruleSentences.ts';
import { PROJECT_ROOT } from '../server/platform/paths.ts';
import { RegionPackError } from '../server/region/check.ts';
import { findPack } from '../server/region/packs.ts';
import { compilePack, type Compiled } from '../server/signals/assess/compilePack.ts';
import { sizeFaults } from '../server/signals/packs/checkPack.ts';
import { runPackTests } from '../server/signals/packs/packTests.ts';
import { explain } from './explain.ts';
import { openRegion, runTool } from './openRegion.ts';
import { callServer, faultText, ToolError } from './serverCall.ts';

const USAGE = `npm run rules -- test FILE          checks a rule pack, and runs the tests in it
npm run rules -- list               the versions of a region, and every change
npm run rules -- show VERSION       the rules of a version as sentences; --json: the whole pack
npm run rules -- import FILE        adds a version, as a draft
npm run rules -- activate VERSION --why TEXT
                                    tells how many alerts it would raise now; with --raises N it is done when
                                    that is still so, with --settle all that is known is taken as dealt with
npm run rules -- explain SUBJECT    why a subject (credit code, name or key) is assessed as it is; read from Redis, as
                                    \`npm run verify\` does, of the region that REGION names

All but test and explain ask the running server, as anybody does:
  --url URL        where it is; http://127.0.0.1:8080 (or PORT) where it is not given
  --region CODE    REGION, else 330110, where it is not given
  WAGEWATCH_TOKEN  the token of an admin (to read: of an officer), once anybody has been let in
`;

/** What faults without a path are of. */
const WHOLE = 'the pack';

/**
 * `npm run rules -- test FILE`: what is wrong with a pack, or what became of its tests. Where the region's own pack is here, its
 * tiers are held against it.
 */
export function testFile(text: string): { problems: string[]; passed: number } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problems: [`it is no JSON: ${(error as Error).message}`], passed: 0 };
  }
  const compiled = compileFor(json);
  if (!compiled.ok) return { problems: compiled.faults.map((fault) => faultText(fault, WHOLE)), passed: 0 };
  const large = sizeFaults(json);
  if (large.length) return { problems: large.map((fault) => faultText(fault, WHOLE)), passed: 0 };
  const results = runPackTests(compiled.pack);
  return { problems: results.filter(({ ok }) => !ok).map(testText), passed: results.filter(({ ok }) => ok).length };
}

function compileFor(json: unknown): Compiled {
  const { region } = (json ?? {}) as { region?: unknown };
  try {
    const folders = { assetsDir: join(PROJECT_ROOT, 'assets/geo'), dataDir: resolve(process.env.DATA_DIR ?? '.data') };
    const { pack } = findPack(String(region), folders);
    return compilePack(json, { tiers: pack.tiers.map(({ tier }) => tier) });
  } catch (error) {
    // Rules of a region that is not shipped are tested by themselves.
    if (error instanceof RegionPackError) return compilePack(json);
    throw error;
  }
}

const testText = ({ name, problems }: TestResult) => `test "${name}": ${problems.join('; ')}`;

const changeText = ({ version, state, by, at, why }: Rules['history'][number]) =>
  `${at}  ${version}  ${state}  ${by}${why === undefined ? '' : `  ${why}`}`;

function packText(pack: RulePack): string {
  const rules = pack.tiers.map(
    (rule) =>
      `${rule.id} ${rule.tier}: ${conditionText(rule.when, pack, 'zh-CN')}${rule.basis ? `  [${rule.basis}]` : ''}`,
  );
  return [`${pack.region} ${pack.version} ${pack.name['zh-CN']}`, ...rules].join('\n');
}

export async function main(argv: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      region: { type: 'string' },
      why: { type: 'string' },
      raises: { type: 'string' },
      settle: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [verb, what] = positionals;
  const region = values.region ?? process.env.REGION ?? '330110';
  const call = <T>(path: string, body?: object | string) =>
    callServer<T>({
      url: values.url,
      path: `/api/v1/rules${path}?region=${encodeURIComponent(region)}`,
      body,
      whole: WHOLE,
    });
  const needed = (name: string): string => {
    if (what === undefined) throw new ToolError(`Say which ${name}: npm run rules -- ${verb} ${name.toUpperCase()}`);
    return what;
  };
  if (values.help || verb === undefined) return USAGE;
  switch (verb) {
    case 'test': {
      const file = needed('file');
      const { problems, passed } = testFile(readFileSync(file, 'utf8'));
      if (problems.length) throw new ToolError([`${file} is not as it should be:`, ...problems].join('\n'));
      return `${file}: without fault, ${passed} tests passed\n`;
    }
    case 'list': {
      const { active, items, history } = await call<Rules>('');
      const versions = items.map(({ version, state }) => `${version}  ${state}`);
      return [`in force: ${active ?? 'none'}`, ...versions, '', 'changes:', ...history.map(changeText), ''].join('\n');
    }
    case 'show': {
      const pack = await call<RulePack>(`/${encodeURIComponent(needed('version'))}`);
      return values.json ? `${JSON.stringify(pack, undefined, 2)}\n` : `${packText(pack)}\n`;
    }
    case 'import': {
      const { version, state } = await call<{ version: string; state: string }>(
        '',
        readFileSync(needed('file'), 'utf8'),
      );
      return `${version} is there as a ${state}\n`;
    }
    case 'activate': {
      const version = needed('version');
      if (!values.why) throw new ToolError('Say why: --why "…" is kept for ever');
      const { state, raises } = await call<{ state: string; raises?: number }>(
        `/${encodeURIComponent(version)}/activate`,
        {
          why: values.why,
          ...(values.raises === undefined ? {} : { raises: Number(values.raises) }),
          ...(values.settle ? { settle: true } : {}),
        },
      );
      if (state === 'active') return `${version} is in force\n`;
      return `${version} would raise ${raises} alerts now. To do it: --raises ${raises}; to take all that is known as dealt with: --settle\n`;
    }
    case 'explain': {
      const subject = needed('subject');
      const region = await openRegion('rules');
      try {
        const text = await explain(region, subject);
        if (text === undefined) throw new ToolError(`Nothing is known of ${subject} in region ${region.pack.code}.`);
        return `${text}\n`;
      } finally {
        await region.close();
      }
    }
    default:
      throw new ToolError(`There is no ${verb}.\n${USAGE}`);
  }
}

if (process.argv[1]?.endsWith('rules.js'))
  await runTool(async () => void process.stdout.write(await main(process.argv.slice(2))));
