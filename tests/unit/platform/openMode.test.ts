import { describe, expect, it } from 'vitest';
import { admissionWhileOpen } from '../../../server/platform/http/openMode.ts';

/** While nobody has been let in, only the person at this machine is everybody (issue 15, point 14). */

const PUBLIC = 'https://wall.example.cn';
const meet = (headers: Record<string, string>, method = 'GET') => admissionWhileOpen(method, headers, PUBLIC).as;

describe('admissionWhileOpen', () => {
  it.each([
    'localhost:8080',
    'LOCALHOST',
    'localhost.',
    '127.0.0.1:8080',
    '127.8.9.10',
    '[::1]:8080',
    'wall.localhost:8080',
    'wall.example.cn',
    'WALL.example.cn:443',
  ])('knows itself as %s', (host) => {
    expect(meet({ host })).toBe('everybody');
  });

  it.each([
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'notlocalhost',
    'wall.example.cn.evil.example',
    '10.0.0.7',
    '0.0.0.0',
    'user@localhost',
    'localhost/x',
    '',
  ])('does not know itself as %s', (host) => {
    expect(meet({ host })).toBe('refused');
    expect(meet({ host, origin: `http://${host}` }, 'POST')).toBe('refused');
  });

  it('answers no page of another site, but may be linked to', () => {
    const host = 'localhost:8080';
    expect(meet({ host, origin: 'http://localhost:8080' }, 'POST')).toBe('everybody');
    for (const origin of ['http://evil.example', 'null', 'http://localhost:9999', 'http://127.0.0.1:8080'])
      for (const method of ['GET', 'POST']) expect(meet({ host, origin }, method), origin).toBe('refused');
    // A page cannot say that it is ours: the browser names its origin.
    expect(meet({ host, origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' }, 'POST')).toBe('refused');
    for (const site of ['cross-site', 'same-site']) {
      expect(meet({ host, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' })).toBe('refused');
      expect(meet({ host, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' })).toBe('everybody');
      expect(meet({ host, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' }, 'POST')).toBe('refused');
    }
  });

  it.each(['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'x-real-ip', 'via'])(
    'takes whoever comes with %s for a stranger',
    (name) => {
      expect(meet({ host: 'wall.example.cn', [name]: '127.0.0.1' })).toBe('stranger');
    },
  );
});
