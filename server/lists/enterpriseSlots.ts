import { enterpriseKey, normalName, normalUscc, searchText } from '../../common/identity.ts';
import type { AlertStore } from './store.ts';

/** The alerts of an enterprise, found by any writing of its uscc or name. */

/** Number of the enterprise known by a uscc or, failing that, by a name (if by several: with most alerts, then least uscc). */
export function enterpriseKeyOf(store: AlertStore, usccOrName: string): number | undefined {
  const { enterprises, standings } = store;
  const textOf = (key: number) => enterpriseKey(enterprises.values[enterprises.entriesOfKey(key)[0]!]!);
  const name = normalName(usccOrName);
  for (const text of [normalUscc(usccOrName), name]) {
    const key = enterprises.keyId(text);
    if (key !== undefined && standings.count(key) > 0) return key;
  }
  let best: number | undefined;
  const holders = name === '' ? undefined : store.enterpriseNames.find(searchText(name));
  for (let entry = holders?.indexOf(1) ?? -1; entry >= 0; entry = holders!.indexOf(1, entry + 1)) {
    if (enterprises.uses(entry) === 0 || normalName(enterprises.values[entry]!.name) !== name) continue;
    const other = enterprises.keyOf(entry);
    const more = best === undefined ? 1 : standings.count(other) - standings.count(best);
    if (more > 0 || (more === 0 && textOf(other) < textOf(best!))) best = other;
  }
  return best;
}

/** Calls `visit` with every alert of an enterprise, in no order. */
export function eachOfEnterprise(store: AlertStore, key: number, visit: (slot: number) => void): void {
  const { byEnterprise, enterprises } = store;
  const { enterprise } = store.columns;
  store.want(byEnterprise);
  if (!byEnterprise.ready) {
    for (let slot = 0; slot < store.size; slot++) if (enterprises.keyOf(enterprise[slot]!) === key) visit(slot);
    return;
  }
  byEnterprise.forEachPending((slot) => {
    if (enterprises.keyOf(enterprise[slot]!) === key) visit(slot);
  });
  for (const entry of enterprises.entriesOfKey(key)) {
    if (enterprises.uses(entry) === 0) continue;
    byEnterprise.walk(
      (value) => value >= entry,
      false,
      (slot) => {
        if (enterprise[slot] !== entry) return false;
        visit(slot);
        return true;
      },
    );
  }
}
