import type { Briefing, BriefingRequestSchema } from '../../contract/briefings.ts';
import type { Static } from 'typebox';
import type { OwnDeck, OwnDeckBody } from '../../contract/ownDecks.ts';

/** What `/docs` shows as requests and answers of briefings. */
export const REQUEST_EXAMPLE: Static<typeof BriefingRequestSchema> = {
  scope: '330110',
  deck: 'weekly',
  title: '区长周例会',
};

export const BRIEFING_EXAMPLE: Briefing = {
  id: '330110-0f3a5c7e9b1d2f4a6c',
  scope: '330110',
  window: 'week',
  deck: 'weekly',
  title: '区长周例会',
  at: '2026-11-28T08:30:00+08:00',
  madeBy: '某甲',
  maker: 'p7Kq2mXv',
  digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  bytes: 48_211,
  pages: [
    { page: 'cover', on: true },
    { page: 'situation', on: true, remark: '星桥街道两件红色请专班说明' },
    { page: 'cases', on: true },
  ],
};

export const DECK_EXAMPLE: OwnDeckBody = {
  name: '区长周例会',
  scope: '330110',
  window: 'week',
  title: '区长周例会',
  compare: 'week',
  pages: [
    { page: 'cover', on: true },
    { page: 'situation', on: true, heading: '本周要点' },
    { page: 'cases', on: true, remark: '请专班逐件说明' },
    { page: 'towns', on: false },
  ],
  shared: true,
};
export const OWN_DECK_EXAMPLE: OwnDeck = {
  deck: 'own-330110-0f3a5c7e9b1d',
  ...DECK_EXAMPLE,
  version: 1,
  owner: 'p7Kq2mXv',
  by: '某甲',
  changed: '2026-11-28T08:30:00+08:00',
  mine: true,
};
