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

describe('the first page', () => {
  it.each([
    [
      'a stranger',
      session(),
      {
        screens: false,
        admin: false,
        desk: false,
        subjects: false,
        briefing: false,
        rules: false,
        reports: false,
        signIn: true,
      },
    ],
    [
      'an admin',
      session('admin'),
      {
        screens: true,
        admin: true,
        desk: true,
        subjects: true,
        briefing: true,
        rules: true,
        reports: true,
        signIn: false,
      },
    ],
    [
      'an officer',
      session('officer'),
      {
        screens: true,
        admin: false,
        desk: true,
        subjects: true,
        briefing: true,
        rules: true,
        reports: true,
        signIn: false,
      },
    ],
    [
      'a handler',
      session('handler'),
      {
        screens: true,
        admin: false,
        desk: true,
        subjects: false,
        briefing: false,
        rules: false,
        reports: false,
        signIn: false,
      },
    ],
    [
      'a display',
      session('display', false, 'display'),
      {
        screens: true,
        admin: false,
        desk: false,
        subjects: false,
        briefing: false,
        rules: false,
        reports: false,
        signIn: false,
      },
    ],
    [
      'a source',
      session('ingest', false, 'token'),
      {
        screens: false,
        admin: false,
        desk: false,
        subjects: false,
        briefing: false,
        rules: false,
        reports: false,
        signIn: false,
      },
    ],
    [
      'everybody, while nobody needs to sign in',
      session('admin', true),
      {
        screens: true,
        admin: true,
        desk: true,
        subjects: true,
        briefing: true,
        rules: true,
        reports: true,
        signIn: false,
      },
    ],
    [
      'whoever it does not know',
      undefined,
      {
        screens: true,
        admin: true,
        desk: true,
        subjects: true,
        briefing: true,
        rules: true,
        reports: true,
        signIn: true,
      },
    ],
  ] as const)('offers %s what they may open', (_who, known, places) => {
    expect(placesFor(known)).toEqual({ ...places, personas: false });
  });

  it('offers whom one may be where the server says that it can be chosen', () => {
    expect(placesFor({ ...session('admin', true), personas: true }).personas).toBe(true);
  });
});
