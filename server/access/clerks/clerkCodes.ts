import { randomInt } from 'node:crypto';
import { AccessError } from '../accessError.ts';
import type { ChangeBy } from '../changeBy.ts';
import type { Directory } from '../directory.ts';
import { hashPassword } from '../people/passwords.ts';
import { storedPerson } from '../people/storedPerson.ts';
import type { Principal } from '../../platform/http/principal.ts';
import { clerkField, type PersonRecord } from '../records.ts';

/** Digits of a code that is made here. */
const MADE_DIGITS = 6;
/** Numbers are tried so often before they get another digit. */
const TRIES = 50;

/** What is wrong with a code, as a clause; undefined for nothing. What everybody tries first is no code. */
export function codeFault(code: string, number: string): string | undefined {
  const digits = [...code].map(Number);
  const steps = digits.slice(1).map((digit, i) => digit - digits[i]!);
  if (steps.every((step) => step === steps[0]) && Math.abs(steps[0]!) <= 1)
    return 'the code is all one digit, or counts up or down: choose another';
  if (new Set(digits).size < 3) return 'the code has fewer than three different digits: choose another';
  return code === number ? 'the code is the number: choose another' : undefined;
}

/** A code that has no fault. */
export function makeCode(number: string): string {
  for (;;) {
    const code = String(randomInt(10 ** MADE_DIGITS)).padStart(MADE_DIGITS, '0');
    if (codeFault(code, number) === undefined) return code;
  }
}

/** A number that nobody has. */
export function freeNumber(taken: (number: string) => boolean): string {
  for (let tries = 0; ; tries++) {
    const digits = tries < TRIES ? 4 : 6;
    const number = String(randomInt(10 ** (digits - 1), 10 ** digits));
    if (!taken(number)) return number;
  }
}

/** Codes by which people sign in at a kiosk. Errors are AccessError. */
export interface ClerkCodes {
  /**
   * Sets the code of a person; their number stays what it was.
   * @param code one is made where it is not given
   * @returns the number, and the code where it was made here
   */
  set(
    id: string,
    code: string | undefined,
    by: Principal | undefined,
    from: string,
  ): Promise<{ number: string; code?: string }>;
  /** They sign in at no kiosk any more. */
  remove(id: string, by: Principal | undefined): Promise<void>;
}

export function createClerkCodes(directory: Directory, changeBy: ChangeBy, now: () => number): ClerkCodes {
  const change = (by: Principal | undefined, plan: Parameters<ChangeBy>[1]) =>
    by ? changeBy(by, plan) : directory.change(plan);
  /** @throws AccessError 409 */
  const clerkable = (id: string): PersonRecord => {
    const person = storedPerson(directory, id);
    if ((person.role !== 'handler' && person.role !== 'officer') || person.unit === undefined)
      throw new AccessError(409, 'a code is for handlers, and for officers who belong to a unit');
    return person;
  };
  return {
    async set(id, given, by, from) {
      const before = clerkable(id);
      await directory.sync();
      const number = before.clerk?.number ?? freeNumber((one) => directory.field(clerkField(one)) !== undefined);
      const fault = given === undefined ? undefined : codeFault(given, number);
      if (fault) throw new AccessError(422, fault, { parameter: 'code' });
      const code = given ?? makeCode(number);
      const kept = await hashPassword(code, { address: from, known: true });
      await change(by, () => {
        const person = clerkable(id);
        if ((person.clerk?.number ?? number) !== number)
          throw new AccessError(409, 'the code of this person is being set by somebody else: try again');
        const owner = directory.field(clerkField(number));
        if (owner !== undefined && owner !== id)
          throw new AccessError(409, 'somebody was given that number at this moment: try again');
        return [
          { field: clerkField(number), to: id },
          directory.edit('person', id, { ...person, clerk: { number, code: kept, at: now() } }),
        ];
      });
      return { number, ...(given === undefined ? { code } : {}) };
    },
    remove: (id, by) =>
      change(by, () => {
        const { clerk, ...person } = storedPerson(directory, id);
        return clerk && [{ field: clerkField(clerk.number), to: undefined }, directory.edit('person', id, person)];
      }),
  };
}
