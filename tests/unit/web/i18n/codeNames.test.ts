import { expect, it } from 'vitest';
import { CODE_NAMES, NAME_LANGS } from '../../../../common/codeNames.ts';
import {
  CASE_ACTIONS,
  CHANNELS,
  INDUSTRIES,
  OUTCOMES,
  PLATFORMS,
  STAGES,
  SUPERVISION_LEVELS,
  TIERS,
} from '../../../../contract/codes.ts';
import { messages } from '../../../../web/i18n/index.ts';
import { texts } from '../../../../web/map/texts.ts';

it.each(NAME_LANGS)('every code has its %s name, and pages and files say the same', (lang) => {
  for (const [part, codes] of [
    ['tiers', TIERS],
    ['stages', STAGES],
    ['industries', INDUSTRIES],
    ['channels', CHANNELS],
    ['verdicts', ['effective', 'false-alarm']],
    ['platforms', PLATFORMS],
    ['actions', CASE_ACTIONS],
    ['outcomes', OUTCOMES],
    ['levels', SUPERVISION_LEVELS],
  ] as const) {
    expect(Object.keys(CODE_NAMES[lang][part])).toEqual([...codes]);
    expect(messages[lang].codes[part]).toEqual(CODE_NAMES[lang][part]);
  }
  const { tiers, platforms } = texts(lang);
  expect({ tiers, platforms }).toEqual({ tiers: CODE_NAMES[lang].tiers, platforms: CODE_NAMES[lang].platforms });
});
