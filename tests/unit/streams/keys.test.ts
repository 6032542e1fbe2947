import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declareRegionKeys } from '../../../server/platform/redis/keys.ts';
import { PROJECT_ROOT } from '../../../server/platform/paths.ts';

const sourceOf = (path: string) => readFileSync(join(PROJECT_ROOT, 'server', path), 'utf8');

/** Every module that declares keys. */
const modules = readdirSync(join(PROJECT_ROOT, 'server'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .filter((path) => /export const \w+(_KEYS\b|Keys = declareRegionKeys\()/.test(sourceOf(path)))
  .sort();

/** The keys of all owners, by what declares them. Loading the modules checks already that no two declare one name. */
async function allKeys(): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const path of modules) {
    const exported = (await import(join(PROJECT_ROOT, 'server', path))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) {
      if (!/_KEYS$|Keys$/.test(name)) continue;
      const keys = (typeof value === 'function' ? (value as (region: string) => object)('330110') : value) as object;
      for (const key of Object.values(keys) as string[]) {
        expect(owners.get(key), `${key} is declared by ${path}`).toBeUndefined();
        owners.set(key, path);
      }
    }
  }
  return owners;
}

describe('keys', () => {
  it('belong to one owner each, in the hash tag of their region or of what they are', async () => {
    const owners = await allKeys();
    expect(Object.fromEntries(owners)).toMatchObject({
      '{330110}:events': 'streams/keys.ts',
      '{330110}:turn': 'streams/feed/keys.ts',
      '{330110}:seen:': 'streams/counting/keys.ts',
    });
    for (const key of owners.keys()) expect(key).toMatch(/^\{(330110|access|dead-letters)\}(:[a-z-]+)+:?$/);
  });

  it('cannot be declared twice, nor below a prefix of another owner', async () => {
    await allKeys();
    expect(() => declareRegionKeys('me', { mine: 'events' })).toThrow('key events of me belongs to streams already');
    expect(() => declareRegionKeys('me', { mine: 'seen:abc' })).toThrow(
      'belongs to streams/counting already, as seen:',
    );
    expect(() => declareRegionKeys('me', { mine: 'ev:' })).not.toThrow();
    expect(() => declareRegionKeys('you', { yours: 'ev:1' })).toThrow('belongs to me already');
  });
});
