import { AccessError } from '../accessError.ts';
import type { Directory } from '../directory.ts';
import type { DisplayRecord } from '../records.ts';
import { hashToken, mintSecret } from '../secret.ts';

/** A display's token ends after so long unless it is renewed; it is renewed from then on, so there are months to do it in. */
export const DISPLAY_TOKEN_MS = 180 * 86_400_000;
export const RENEW_AFTER_MS = 7 * 86_400_000;
/** How many tokens of a display hold at most: the one in use, and renewed ones of which nobody knows which has arrived. */
const MAX_TOKENS = 4;

/** The secrets that paired displays are let in by. */
export interface DisplayTokens {
  /** Whether the newest token of a display is old enough to be renewed. */
  due(id: string): boolean;
  /** One more token, told this once; those before hold until it has been used. @throws AccessError 404 */
  issue(id: string): Promise<string>;
  /** A token that was given last has been used: those before end. */
  used(id: string, hash: string): void;
}

export function createDisplayTokens(directory: Directory, now: () => number): DisplayTokens {
  return {
    due(id) {
      const newest = directory.get('display', id)?.tokens.at(-1);
      // A clock that was set back must not keep it from being renewed for good.
      return newest !== undefined && Math.abs(now() - newest.issued) > RENEW_AFTER_MS;
    },
    async issue(id) {
      const token = mintSecret('wd');
      const entry = { hash: hashToken(token), issued: now(), ends: now() + DISPLAY_TOKEN_MS };
      await directory.change(() => {
        // One that was revoked meanwhile gets none.
        const display = storedDisplay(directory, id);
        return [directory.edit('display', id, { ...display, tokens: withToken(display.tokens, entry) })];
      });
      return token;
    },
    used(id, hash) {
      void directory
        .change(() => {
          const display = directory.get('display', id);
          const at = display?.tokens.findIndex((token) => token.hash === hash) ?? -1;
          return display && at > 0
            ? [directory.edit('display', id, { ...display, tokens: display.tokens.slice(at) })]
            : undefined;
        })
        .catch(() => undefined);
    },
  };
}

/** @throws AccessError 404 */
export function storedDisplay(directory: Directory, id: string): DisplayRecord {
  const found = directory.get('display', id);
  if (!found) throw new AccessError(404, 'there is no display of that id', { parameter: 'id' });
  return found;
}

function withToken(tokens: DisplayRecord['tokens'], entry: DisplayRecord['tokens'][number]): DisplayRecord['tokens'] {
  return [...(tokens.length < MAX_TOKENS ? tokens : [tokens[0]!, ...tokens.slice(2)]), entry];
}
