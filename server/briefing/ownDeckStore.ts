import { randomBytes } from 'node:crypto';
import { MAX_DECKS_OF_REGION, MAX_OWN_DECKS } from '../../contract/briefingLimits.ts';
import type { OwnDeck } from '../../contract/ownDecks.ts';
import { regionOfCode } from '../../common/divisions.ts';
import { normalName } from '../../common/identity.ts';
import type { RedisClient } from '../platform/redis/connect.ts';
import { loadScript, runScript } from '../platform/redis/script.ts';
import { BRIEFINGS_TAG } from './briefingStore.ts';

/** Hash id → version, owner, name and record, by region. */
const keyOf = (region: string) => `{${BRIEFINGS_TAG}}:decks:${region}`;
const SET = loadScript('server/briefing/scripts/setDeck.lua');
/** Why a deck was not kept, by what the script answers. */
const WHY = { '0': 'changed', '-1': 'full', '-2': 'regionFull', '-3': 'named' } as const;

/** A deck as it is kept: whose it is for an asker is said when it is read. */
export type KeptDeck = Omit<OwnDeck, 'mine'>;
export type NotKept = (typeof WHY)[keyof typeof WHY];

/** The decks that people keep under a name of their own, of a region each. */
export interface OwnDeckStore {
  /** All of a region, by name. */
  list(region: string): Promise<KeptDeck[]>;
  find(id: string): Promise<KeptDeck | undefined>;
  add(deck: Omit<KeptDeck, 'deck' | 'version'>): Promise<KeptDeck | NotKept>;
  /** @param deck with the version that was read @returns with the next; `changed` where another is there by now, or none */
  change(deck: KeptDeck): Promise<KeptDeck | NotKept>;
  remove(id: string): Promise<void>;
}

/** The region that an id names. */
export const regionOfDeck = (id: string): string => id.slice('own-'.length, 'own-'.length + 6);

export function createOwnDeckStore(redis: RedisClient): OwnDeckStore {
  // The record comes last, and has no line of its own but that one.
  const recordOf = (text: string) => JSON.parse(text.slice(text.lastIndexOf('\n') + 1)) as KeptDeck;
  async function set(deck: KeptDeck, before: number | undefined): Promise<KeptDeck | NotKept> {
    const { deck: id, owner, name } = deck;
    const record = JSON.stringify(deck);
    const args = [id, before ?? '', owner, normalName(name), record, MAX_OWN_DECKS, MAX_DECKS_OF_REGION];
    const done = Number(await runScript(redis, SET, [keyOf(regionOfDeck(id))], args));
    return done === 1 ? deck : WHY[String(done) as keyof typeof WHY];
  }
  return {
    async list(region) {
      const decks = (await redis.hvals(keyOf(region))).map(recordOf);
      return decks.sort((a, b) => (a.name === b.name ? (a.deck < b.deck ? -1 : 1) : a.name < b.name ? -1 : 1));
    },
    async find(id) {
      const text = await redis.hget(keyOf(regionOfDeck(id)), id);
      return text === null ? undefined : recordOf(text);
    },
    add(deck) {
      const id = `own-${regionOfCode(deck.scope)}-${randomBytes(6).toString('hex')}`;
      return set({ ...deck, deck: id, version: 1 }, undefined);
    },
    change: (deck) => set({ ...deck, version: deck.version + 1 }, deck.version),
    async remove(id) {
      await redis.hdel(keyOf(regionOfDeck(id)), id);
    },
  };
}
