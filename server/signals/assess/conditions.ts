import {
  OPERATORS,
  PACK_LIMITS,
  type Condition,
  type Comparison,
  type Operator,
  type PackFault,
} from '../../../contract/rulePack.ts';
import { isThousandths, thousandths } from '../../../common/decimal.ts';

/** Conditions of rules (signals §2): checked, and compiled to functions. There is no other language, so none can loop. */

export type Matches = (variables: readonly number[]) => boolean;

/**
 * The faults of a `when`, as it may have come from outside.
 * @param known whether there is a variable of this name
 */
export function conditionFaults(when: unknown, path: string, known: (variable: string) => boolean): PackFault[] {
  const faults: PackFault[] = [];
  let comparisons = 0;
  const check = (value: unknown, at: string, groups: number): void => {
    if (faults.length >= MOST_FAULTS) return;
    if (Array.isArray(value)) {
      if (++comparisons === PACK_LIMITS.comparisons + 1)
        faults.push({ path, problem: `has more than ${PACK_LIMITS.comparisons} comparisons` });
      faults.push(...comparisonFaults(value, at, known));
      return;
    }
    const entries = Object.entries((value ?? {}) as Record<string, unknown>);
    const [entry] = entries;
    if (entries.length !== 1 || !entry || !['all', 'any', 'not'].includes(entry[0])) {
      faults.push({ path: at, problem: 'must be {all: […]}, {any: […]}, {not: …} or [variable, operator, number]' });
      return;
    }
    const [group, inner] = entry;
    if (groups === PACK_LIMITS.nesting) {
      faults.push({ path: at, problem: `is nested deeper than ${PACK_LIMITS.nesting} groups` });
      return;
    }
    if (group === 'not') return check(inner, `${at}/not`, groups + 1);
    if (!Array.isArray(inner) || inner.length === 0) {
      faults.push({ path: `${at}/${group}`, problem: 'must be a list with at least one condition' });
      return;
    }
    inner.forEach((one, i) => check(one, `${at}/${group}/${i}`, groups + 1));
  };
  check(when, path, 0);
  return faults;
}

const MOST_FAULTS = 20;

function comparisonFaults(value: readonly unknown[], at: string, known: (variable: string) => boolean): PackFault[] {
  const faults: PackFault[] = [];
  const [variable, operator, number] = value;
  if (value.length !== 3)
    return [{ path: at, problem: `must be [variable, operator, number], it has ${value.length} elements` }];
  if (typeof variable !== 'string' || !known(variable))
    faults.push({ path: `${at}/0`, problem: `${JSON.stringify(variable)?.slice(0, 80)} is no variable of this pack` });
  if (!(OPERATORS as readonly unknown[]).includes(operator))
    faults.push({
      path: `${at}/1`,
      problem: `${JSON.stringify(operator)?.slice(0, 80)} must be one of ${OPERATORS.join(' ')}`,
    });
  if (typeof number !== 'number' || !Number.isFinite(number) || Math.abs(number) > PACK_LIMITS.number)
    faults.push({ path: `${at}/2`, problem: `must be a number of at most ${PACK_LIMITS.number}` });
  else if (!isThousandths(number)) faults.push({ path: `${at}/2`, problem: `${number} has more than 3 decimals` });
  return faults;
}

/** A condition without faults as a function of the variables by slot, in whole thousandths. */
export function compileCondition(when: Condition, slotOf: (variable: string) => number): Matches {
  if (isComparison(when)) {
    const [variable, operator, number] = when;
    const limit = number < 0 ? -thousandths(-number) : thousandths(number);
    return COMPARE[operator](slotOf(variable), limit);
  }
  if ('not' in when) {
    const inner = compileCondition(when.not, slotOf);
    return (variables) => !inner(variables);
  }
  if ('all' in when) {
    const all = when.all.map((one) => compileCondition(one, slotOf));
    return (variables) => {
      for (const one of all) if (!one(variables)) return false;
      return true;
    };
  }
  const any = when.any.map((one) => compileCondition(one, slotOf));
  return (variables) => {
    for (const one of any) if (one(variables)) return true;
    return false;
  };
}

function isComparison(when: Condition): when is Comparison {
  return Array.isArray(when);
}

const COMPARE: Record<Operator, (slot: number, limit: number) => Matches> = {
  '>=': (slot, limit) => (variables) => variables[slot]! >= limit,
  '>': (slot, limit) => (variables) => variables[slot]! > limit,
  '<=': (slot, limit) => (variables) => variables[slot]! <= limit,
  '<': (slot, limit) => (variables) => variables[slot]! < limit,
  '==': (slot, limit) => (variables) => variables[slot]! === limit,
  '!=': (slot, limit) => (variables) => variables[slot]! !== limit,
};
