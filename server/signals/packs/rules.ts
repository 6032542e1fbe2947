import type { Activate, PackFault, RulePack, Rules, TestResult, VersionState } from '../../../contract/rulePack.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { compilePack } from '../assess/compilePack.ts';
import { checkPack } from './checkPack.ts';
import { runPackTests } from './packTests.ts';
import type { RuleStore } from './ruleStore.ts';
import { activeVersion, draftedBy, rulesOf, stateOf } from './versions.ts';

/** What the engine can tell of a version that is not in force (signals §5). */
export interface Trial {
  /**
   * How many alerts the pack would raise now, if it were activated without `settle`.
   * @throws EngineAway when no engine of this region can be asked now
   */
  wouldRaise(region: string, pack: RulePack): Promise<number>;
}
/** The message says why. */
export class EngineAway extends Error {}

/** What became of an activation: done, or what it would raise, for somebody to confirm. */
export interface Activation {
  version: string;
  state: VersionState;
  raises?: number;
}

export interface RulesParts {
  store: RuleStore;
  region: RegionPack;
  /** Absent where this process has no engine to ask. */
  trial?: Trial | undefined;
  /** Called when a version has been added. */
  onAdded: () => Promise<void>;
  now: () => number;
}

/** The rule versions of a region as people work with them (signals §5). Errors are HttpProblem. */
export class RegionRules {
  private readonly parts: RulesParts;

  constructor(parts: RulesParts) {
    this.parts = parts;
  }

  async list(): Promise<Rules> {
    const { store } = this.parts;
    return rulesOf(store.region, await store.log());
  }

  async pack(version: string): Promise<RulePack> {
    const pack = await this.parts.store.pack(version);
    if (!pack)
      throw new HttpProblem(
        404,
        'Unknown version',
        `region ${this.parts.region.code} has no rules of version ${version}`,
        'version',
      );
    return pack;
  }

  /** @throws HttpProblem 422 with `faults`, 409 for a version that exists */
  async add(json: unknown, by: string, why?: string): Promise<{ version: string; state: VersionState }> {
    const { store, region, now, onAdded } = this.parts;
    const checked = checkPack(json, region, await store.indicators());
    if (!checked.ok) throw faulty(checked.faults);
    const { source } = checked.pack;
    const at = toRfc3339(now());
    const answer = await store.add(source, { by, at, ...(why === undefined ? {} : { why }) });
    if (answer === 'exists')
      throw new HttpProblem(
        409,
        'Version exists',
        `there is a version ${source.version} already: name this one otherwise`,
        'version',
      );
    if (answer !== 'added')
      throw faulty([
        {
          path: `/indicators/${answer.code}/kind`,
          problem: 'another version, which has just been added, has another kind',
        },
      ]);
    await onAdded();
    return { version: source.version, state: 'draft' };
  }

  /** Runs the tests that a version carries. */
  async test(version: string): Promise<TestResult[]> {
    const pack = await this.pack(version);
    const compiled = compilePack(pack, { indicators: await this.parts.store.indicators() });
    if (!compiled.ok) throw faulty(compiled.faults);
    return runPackTests(compiled.pack);
  }

  /**
   * Puts a version in force, once it is known what comes of it: without `raises` and `settle` the answer says how many alerts it
   * would raise now, and nothing is done.
   * @param otherAdmin whether somebody else than who asks could do it
   */
  async activate(
    version: string,
    { why, raises, settle }: Activate,
    by: string,
    otherAdmin: boolean,
  ): Promise<Activation> {
    const { store, now } = this.parts;
    const pack = await this.pack(version);
    const log = await store.log();
    const state = stateOf(log, version)!;
    if (activeVersion(log) === version)
      throw new HttpProblem(409, 'In force already', `version ${version} is in force`, 'version');
    const all = settle === true;
    // To ask is not to activate: who drafted a version may know what it would come to.
    if (!all && raises === undefined) return { version, state, raises: await this.wouldRaise(pack) };
    if (otherAdmin && draftedBy(log, version) === by)
      throw new HttpProblem(
        403,
        'Not by the same person',
        `${by} has drafted version ${version}: another admin activates it`,
      );
    if (!all) {
      const now = await this.wouldRaise(pack);
      if (raises !== now)
        throw new HttpProblem(
          409,
          'Another number by now',
          `version ${version} would raise ${now} alerts by now, not ${raises}: confirm that number`,
          'raises',
          { raises: now },
        );
    }
    const at = toRfc3339(now());
    const entry = await store.activate(
      log,
      { version, by, at, why, ...(all ? { settle: true } : { raises: raises! }) },
      now(),
    );
    if (entry === undefined)
      throw new HttpProblem(
        409,
        'Changed meanwhile',
        'the rules of this region were changed meanwhile: look again',
        'version',
      );
    return { version, state: 'active', ...(all ? {} : { raises: raises! }) };
  }

  private async wouldRaise(pack: RulePack): Promise<number> {
    const { trial, region } = this.parts;
    try {
      if (!trial) throw new EngineAway('this process has none');
      return await trial.wouldRaise(region.code, pack);
    } catch (error) {
      if (!(error instanceof EngineAway)) throw error;
      throw new HttpProblem(
        503,
        'No engine to ask',
        `how many alerts this raises cannot be told now (${error.message}): ask again, or take all that is known as dealt with ("settle": true)`,
      );
    }
  }
}

function faulty(faults: PackFault[]): HttpProblem {
  const [first] = faults;
  return new HttpProblem(422, 'Rules are not valid', `${first!.path || 'the pack'} ${first!.problem}`, undefined, {
    faults,
  });
}
