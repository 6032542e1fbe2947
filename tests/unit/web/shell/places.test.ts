import { describe, expect, it } from 'vitest';
import type { Session } from '../../../../contract/access.ts';
import { placesFor } from '../../../../web/shell/places.ts';

const session = (
  role?: NonNullable<Session['principal']>['role'],
  open = false,
  kind: NonNullable<Session['principal']>['kind'] = open ? 'everybody' : 'person',
): Session => ({
  open,
  signIn: { password: true },
  ...(role ? { principal: { kind, name: '某甲', role } } : {}),
});

const PLACES = ['screens', 'admin', 'desk', 'subjects', 'briefing', 'rules', 'reports', 'signIn'] as const;
const ALL = PLACES.filter((place) => place !== 'signIn');

describe('the first page', () => {
  it.each([
    ['a stranger', session(), ['signIn']],
    ['an admin', session('admin'), ALL],
    ['an officer', session('officer'), ['screens', 'desk', 'subjects', 'briefing', 'rules', 'reports']],
    ['a handler', session('handler'), ['screens', 'desk', 'reports']],
    ['a display', session('display', false, 'display'), ['screens']],
    ['a source', session('ingest', false, 'token'), []],
    ['everybody, while nobody needs to sign in', session('admin', true), ALL],
    ['whoever it does not know', undefined, PLACES],
  ] as [who: string, known: Session | undefined, offered: readonly (typeof PLACES)[number][]][])(
    'offers %s what they may open',
    (_who, known, offered) => {
      const places = Object.fromEntries(PLACES.map((place) => [place, offered.includes(place)]));
      expect(placesFor(known)).toEqual({ ...places, personas: false });
    },
  );

  it('offers whom one may be where the server says that it can be chosen', () => {
    expect(placesFor({ ...session('admin', true), personas: true }).personas).toBe(true);
  });
});
