import type { RegionPack } from '../../contract/region.ts';
import { createUnitFinder } from '../../common/units.ts';
import { Bitset } from './bitset.ts';
import type { TextField } from './extraColumns.ts';

/** Sets of slots by the unit of the pack that an alert was last dispatched to, as its texts mean them (casework §1). */
export class UnitSlots {
  private readonly sets = new Map<string, Bitset>();
  private readonly nobody = new Bitset();
  /** By number of text: the set of the unit that it means, looked up once. */
  private readonly byText: (Bitset | undefined)[] = [undefined];

  /** @param field the texts; undefined where alerts have none: then every unit has no alerts */
  constructor(field: TextField | undefined, pack: Pick<RegionPack, 'units'>) {
    const meant = createUnitFinder(pack);
    for (const { code } of pack.units ?? []) this.sets.set(code, new Bitset());
    if (!field) return;
    const setOf = (text: number): Bitset | undefined => {
      for (let next = this.byText.length; next <= text; next++) {
        const unit = meant(field.texts[next]);
        this.byText.push(unit === undefined ? undefined : this.sets.get(unit));
      }
      return this.byText[text];
    };
    field.onChange = (slot, before, after) => {
      const [from, to] = [setOf(before), setOf(after)];
      if (from === to) return;
      from?.remove(slot);
      to?.add(slot);
    };
  }

  grow(capacity: number): void {
    for (const set of this.sets.values()) set.grow(capacity);
    this.nobody.grow(capacity);
  }

  /** The alerts of a unit; empty for one that the pack does not have. */
  of(unit: string): Bitset {
    return this.sets.get(unit) ?? this.nobody;
  }
}
