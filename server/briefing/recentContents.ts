import type { BriefingContent } from '../../contract/briefings.ts';
import { STRETCH_MS } from '../../contract/liveBriefing.ts';

/** What is read for one display serves all that ask within so long, ms. */
const SHARED_MS = 4_000;

/** Situations of now that were read a moment ago: twenty displays of one scope cost as much as one. */
export function createRecentContents(
  read: (scope: string, window: BriefingContent['window']) => Promise<BriefingContent>,
  now: () => number = () => performance.now(),
): (scope: string, window: BriefingContent['window']) => Promise<BriefingContent> {
  const recent = new Map<string, { at: number; content: Promise<BriefingContent> }>();
  return (scope, window) => {
    for (const [key, { at }] of recent) if (now() - at > SHARED_MS) recent.delete(key);
    const key = `${scope} ${window}`;
    let found = recent.get(key);
    if (!found) {
      const content = read(scope, window);
      recent.set(key, (found = { at: now(), content }));
      // One that failed is read anew by the next who asks.
      content.catch(() => recent.delete(key));
    }
    return found.content;
  };
}

/**
 * Situations of now for those who follow a presenter: whoever asks within one stretch of the clock is told of the same moment, that at
 * which the first of them asked. @param now epoch ms
 */
export function createStretchedContents(
  read: (scope: string, window: BriefingContent['window']) => Promise<BriefingContent>,
  now: () => number,
): (scope: string, window: BriefingContent['window']) => Promise<BriefingContent> {
  const held = new Map<string, { stretch: number; content: Promise<BriefingContent> }>();
  return (scope, window) => {
    const stretch = Math.floor(now() / STRETCH_MS);
    for (const [key, one] of held) if (one.stretch !== stretch) held.delete(key);
    const key = `${scope} ${window}`;
    const known = held.get(key);
    if (known) return known.content;
    const mine = { stretch, content: read(scope, window) };
    held.set(key, mine);
    mine.content.catch(() => {
      if (held.get(key) === mine) held.delete(key);
    });
    return mine.content;
  };
}
