import { describe, expect, it } from 'vitest';
import { nextPage, onSignInNeeded, signInNeeded } from '../../../../web/http/signIn.ts';

describe('sign-in', () => {
  it.each([
    ['/wall?scope=330110010#x', '/wall?scope=330110010#x'],
    ['https://evil.example/wall', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['http://wall.example:81/', '/'],
    [undefined, '/'],
    [['/a'], '/'],
  ])('goes on to %j as %s', (next, page) => {
    expect(nextPage(next, 'http://wall.example')).toBe(page);
  });

  it('tells whoever listens', () => {
    let times = 0;
    const stop = onSignInNeeded(() => {
      times++;
    });
    signInNeeded();
    stop();
    signInNeeded();
    expect(times).toBe(1);
  });
});
