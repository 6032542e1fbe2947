import type { Rules, VersionChange, VersionState } from '../../../contract/rulePack.ts';

/** What the changes of versions' states come to. Pure. */

/** The state of a version; undefined when there is none. @param log oldest first */
export function stateOf(log: readonly VersionChange[], version: string): VersionState | undefined {
  return log.findLast((change) => change.version === version)?.state;
}

/** The version in force. */
export function activeVersion(log: readonly VersionChange[]): string | undefined {
  const last = log.findLast(({ state }) => state === 'active');
  return last && stateOf(log, last.version) === 'active' ? last.version : undefined;
}

/** Who made a version. */
export function draftedBy(log: readonly VersionChange[], version: string): string | undefined {
  return log.find((change) => change.version === version)?.by;
}

/** As `GET /api/v1/rules` answers. */
export function rulesOf(region: string, log: readonly VersionChange[]): Rules {
  const active = activeVersion(log);
  const versions = [...new Set(log.map(({ version }) => version))].reverse();
  return {
    region,
    ...(active === undefined ? {} : { active }),
    items: versions.map((version) => {
      const { state, by, at, why } = log.findLast((change) => change.version === version)!;
      return { version, state, by, at, ...(why === undefined ? {} : { why }), draftedBy: draftedBy(log, version)! };
    }),
    history: log.toReversed(),
  };
}

/** The changes that put a version in force: the one before is retired. */
export function activation(log: readonly VersionChange[], change: Omit<VersionChange, 'state'>): VersionChange[] {
  const before = activeVersion(log);
  const { version, by, at } = change;
  return [
    ...(before === undefined
      ? []
      : [{ version: before, state: 'retired' as const, by, at, why: `${version} takes its place` }]),
    { ...change, state: 'active' },
  ];
}
