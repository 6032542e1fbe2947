import { describe, expect, it } from 'vitest';
import { hashPassword, passwordIs } from '../../../server/access/people/passwords.ts';
import { weakness } from '../../../server/access/people/passwordStrength.ts';

const HERE = { address: '10.0.0.1', known: true };

describe('passwords', () => {
  it('are kept as what cannot be turned back, each time another', async () => {
    const [a, b] = await Promise.all([hashPassword('晴天霹雳 correct', HERE), hashPassword('晴天霹雳 correct', HERE)]);
    expect(a).not.toBe(b);
    expect(a).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(
      await Promise.all([
        passwordIs('晴天霹雳 correct', a, HERE),
        passwordIs('晴天霹雳 Correct', a, HERE),
        passwordIs('', a, HERE),
        passwordIs('晴天霹雳 correct', undefined, HERE),
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
    ['a123456789', '王芳'],
    ['Aa123456789', '王芳'],
    ['abc123456789', '王芳'],
    ['woaini1314520', '王芳'],
    ['zhangwei1990', '王芳'],
    ['Admin@123456', '王芳'],
    ['Hangzhou@2026', '王芳'],
    ['qianxin2026!', '王芳'],
    ['1qaz@WSX3edc', '王芳'],
    ['P@ssw0rd2026', '王芳'],
    ['13857112345', '王芳'],
    ['33011019900101123X', '王芳'],
    ['王芳的密码真的很长', '王芳'],
    ['LiXiaoming#1985', 'li xiaoming'],
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
