import type { RegionPack } from '../../../contract/region.ts';
import { PACK_LIMITS, type PackFault } from '../../../contract/rulePack.ts';
import { compilePack, type Compiled } from '../assess/compilePack.ts';
import { runPackTests } from './packTests.ts';
import type { KnownIndicators } from './ruleStore.ts';

/** A rule pack held against its region and the versions before it, and against its own tests (signals §2). Pure. */
export function checkPack(
  json: unknown,
  region: Pick<RegionPack, 'code' | 'tiers'>,
  indicators: KnownIndicators,
): Compiled {
  const compiled = compilePack(json, {
    region: region.code,
    tiers: region.tiers.map(({ tier }) => tier),
    indicators,
  });
  if (!compiled.ok) return compiled;
  const large = sizeFaults(json);
  if (large.length) return { ok: false, faults: large };
  const faults = runPackTests(compiled.pack).flatMap(({ name, ok, problems }, i) =>
    ok ? [] : problems.map((problem) => ({ path: `/tests/${i}`, problem: `${name}: ${problem}` })),
  );
  return faults.length ? { ok: false, faults } : compiled;
}

/** The fault of a pack that says nothing wrong, and too much. Pure. @param json of a pack without other faults */
export function sizeFaults(json: unknown): PackFault[] {
  const bytes = Buffer.byteLength(JSON.stringify(json));
  if (bytes <= PACK_LIMITS.bytes) return [];
  return [{ path: '', problem: `is ${bytes} bytes long, more than ${PACK_LIMITS.bytes}` }];
}
