import { describe, expect, it } from 'vitest';
import { inItsLanguage, nextPage, onSignInNeeded, signInNeeded } from '../../../../web/http/signIn.ts';

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

  it.each([
    ['/login?next=%2Fwall', '/wall?lang=en&scope=330110', '/login?next=%2Fwall&lang=en'],
    ['/admin', '?lang=en', '/admin?lang=en'],
    ['/wall?lang=zh#x', '/login?lang=en', '/wall?lang=zh#x'],
    ['/wall#x', '/login?lang=en#y', '/wall?lang=en#x'],
    ['/desk?q=a%20b', '/login?scope=330110', '/desk?q=a%20b'],
    ['/', '/join#lang=en', '/'],
  ])('keeps the language: %s after %s is %s', (path, before, page) => {
    expect(inItsLanguage(path, before)).toBe(page);
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
