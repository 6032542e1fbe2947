import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** Tokens of officers, as the file says it that `ACCESS_FILE` names. @returns their texts */
export function writeOfficers(path: string, scope: string, count: number): string[] {
  const tokens = Array.from({ length: count }, () => `ww_${randomBytes(32).toString('base64url')}`);
  writeFileSync(
    path,
    JSON.stringify({
      tokens: tokens.map((token, i) => ({
        name: `officer ${i + 1}`,
        role: 'officer',
        scope,
        hash: `sha256:${createHash('sha256').update(token).digest('hex')}`,
      })),
    }),
  );
  return tokens;
}
