import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../../../server/platform/paths.ts';

/** A screen that shows texts of a part brings that part along (web/i18n/parts): otherwise keys stand where words belong. */

const WEB = join(PROJECT_ROOT, 'web');
const texts = new Map(
  readdirSync(WEB, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(vue|ts)$/.test(name))
    .map((name) => [name, readFileSync(join(WEB, name), 'utf8').replace(/import type [^;]*;/g, '')]),
);
const PARTS = readdirSync(join(WEB, 'i18n/parts')).map((name) => name.replace('.ts', ''));
const target = (from: string, to: string) => normalize(join(dirname(from), to));
const found = (name: string, pattern: RegExp) =>
  [...texts.get(name)!.matchAll(pattern)].map(([, to]) => target(name, to!)).filter((to) => texts.has(to));
const imports = (name: string) => found(name, /(?:^|\n)\s*(?:import|export)\s[^;(]*?'(\.[^']+)'/g);
const loads = [...texts.keys()].flatMap((name) => found(name, /import\('(\.[^']+)'\)/g));

function closure(name: string, all = new Set<string>()): Set<string> {
  if (!all.has(name)) {
    all.add(name);
    for (const next of imports(name)) closure(next, all);
  }
  return all;
}
const first = closure('main.ts');
const shows = (name: string, part: string) => new RegExp(`[\`'"]${part}\\.[a-zA-Z$]`).test(texts.get(name)!);

describe('texts', () => {
  it.each(['main.ts', ...new Set(loads)])('that %s shows come with it', (root) => {
    const all = closure(root);
    const own = [...all].filter((name) => root === 'main.ts' || !first.has(name));
    const missing = PARTS.filter((part) => !all.has(`i18n/parts/${part}.ts`) && own.some((name) => shows(name, part)));
    expect(missing).toEqual([]);
  });
  it('of every part are brought along by some screen', () => {
    const brought = new Set(loads.flatMap((root) => [...closure(root)]));
    expect(PARTS.filter((part) => !brought.has(`i18n/parts/${part}.ts`))).toEqual([]);
  });
});
