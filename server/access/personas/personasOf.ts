import { PERSONA_IDS, type Persona } from '../../../contract/personas.ts';
import type { RegionPack } from '../../../contract/region.ts';

/** Plainly fictitious: no family is called 某. */
const NAMES = { officer: '某思齐', 'handler-1': '某子墨', 'handler-2': '某若溪', leader: '某云帆' } as const;

/**
 * Whom one may be in a region: an officer, a leader, and a handler of each of two units, that of the gravest tier's alerts and the
 * next that alerts go to; without units no handlers.
 */
export function personasOf({ code, units = [], dispatch, tiers }: RegionPack): Persona[] {
  const receiving = tiers.flatMap(({ tier }) => {
    const rule = dispatch?.[tier];
    return units.find(({ platform, kind }) => platform === rule?.platform && kind === rule.unit) ?? [];
  });
  const [first, second] = new Set([...receiving, ...units]);
  const handlers = { 'handler-1': first, 'handler-2': second };
  return PERSONA_IDS.flatMap((id): Persona[] => {
    const name = NAMES[id];
    if (id === 'officer' || id === 'leader') return [{ id, role: id, name, scope: code }];
    const unit = handlers[id];
    return unit ? [{ id, role: 'handler', name, scope: code, unit: unit.code, unitName: unit.name }] : [];
  });
}
