import type { RegionPack } from '../../contract/region.ts';
import { createUnitFinder } from '../../common/units.ts';
import type { TextField } from './extraColumns.ts';

/** Which alerts are a unit's, by the texts with which events name it. A text is looked up once: events say the same ones again and again. */
export class UnitSlots {
  private readonly field: TextField | undefined;
  private readonly meant: (text: string | undefined) => string | undefined;
  /** By number of text: the number of its unit in `codes`, 0 for none. */
  private units = new Uint16Array(64);
  private known = 1;
  private readonly codes: string[] = [''];

  constructor(field: TextField | undefined, pack: Pick<RegionPack, 'units'>) {
    this.field = field;
    this.meant = createUnitFinder(pack);
    for (const { code } of pack.units ?? []) this.codes.push(code);
  }

  /** Whether an alert is a unit's, by slot; undefined where none can be. */
  test(unit: string): ((slot: number) => boolean) | undefined {
    const wanted = this.codes.indexOf(unit);
    if (!this.field || wanted < 1) return undefined;
    this.catchUp(this.field.texts);
    const { units } = this;
    const { numbers } = this.field;
    return (slot) => units[numbers[slot] ?? 0] === wanted;
  }

  private catchUp(texts: readonly string[]): void {
    if (this.units.length < texts.length) {
      const larger = new Uint16Array(texts.length * 2);
      larger.set(this.units);
      this.units = larger;
    }
    for (; this.known < texts.length; this.known++) {
      const code = this.meant(texts[this.known]);
      this.units[this.known] = code === undefined ? 0 : this.codes.indexOf(code);
    }
  }
}
