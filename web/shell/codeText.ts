import { PAIRING_LENGTH, PAIRING_LETTERS } from '../../contract/accessLimits.ts';

/** A pairing code as somebody typed it, in capitals and without what is not a letter of one; whole when it has its length. */
export function readCode(typed: string): { code: string; whole: boolean } {
  const code = [...typed.toUpperCase()]
    .filter((letter) => PAIRING_LETTERS.includes(letter))
    .join('')
    .slice(0, PAIRING_LENGTH);
  return { code, whole: code.length === PAIRING_LENGTH };
}

/** A browser and its system in a few words, out of what it says of itself: `Chrome 156 · Linux`; else the beginning of it. */
export function agentText(agent: string): string {
  const browser = /(Edg|OPR|Firefox|HeadlessChrome|Chrome|Version)\/(\d+)/.exec(agent);
  const system = /Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux/.exec(agent);
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', HeadlessChrome: 'Chrome', Version: 'Safari' };
  const summary = [browser && `${names[browser[1]!] ?? browser[1]!} ${browser[2]!}`, system?.[0]]
    .filter(Boolean)
    .join(' · ');
  return summary || agent.slice(0, 60);
}

/** What an address hands over behind `#`, which is sent to no server: an invitation's code, or `pair=CODE`. */
export function fragment(hash: string): { invite?: string; pair?: string } {
  const text = hash.replace(/^#/, '');
  if (text.startsWith('pair=')) {
    const { code, whole } = readCode(text.slice('pair='.length));
    return whole ? { pair: code } : {};
  }
  return /^[A-Za-z0-9_-]{20,60}$/.test(text) ? { invite: text } : {};
}
