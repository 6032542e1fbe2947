import { describe, expect, it } from 'vitest';
import { hashPassword, passwordIs, weakness } from '../../../server/access/people/passwords.ts';

describe('passwords', () => {
  it('are kept as what cannot be turned back, each time another', async () => {
    const [a, b] = await Promise.all([hashPassword('晴天霹雳 correct'), hashPassword('晴天霹雳 correct')]);
    expect(a).not.toBe(b);
    expect(a).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(
      await Promise.all([
        passwordIs('晴天霹雳 correct', a),
        passwordIs('晴天霹雳 Correct', a),
        passwordIs('', a),
        passwordIs('晴天霹雳 correct', undefined),
      ]),
    ).toEqual([true, false, false, false]);
  });

  it.each([
    ['short', '王芳'],
    ['aaaaaaaaaaaa', '王芳'],
    ['1234567890', '王芳'],
    ['qwertyuiop', '王芳'],
    ['abcabcabcabc', '王芳'],
    ['wangfang-2026!', 'Wang Fang'],
    ['x'.repeat(201), '王芳'],
  ])('%s is too easily guessed', (password, name) => {
    expect(weakness(password, name)).toBeDefined();
  });
  it.each([
    ['correct horse battery', '王芳'],
    ['良渚古城2026年的秋天', '王芳'],
    ['f7#Lq92m!x', '王芳'],
  ])('%s is good enough', (password, name) => {
    expect(weakness(password, name)).toBeUndefined();
  });
});
