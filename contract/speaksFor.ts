import { Type } from 'typebox';
import { PLATFORMS, type SpokenPlatform } from './codes.ts';
import { UNIT_PATTERN } from './region.ts';

/** How it is written for which platform somebody speaks (`SpokenPlatform`). */
const PATTERN = `^(${PLATFORMS.join('|')}|other:${UNIT_PATTERN.slice(1, -1)})$`;
const MAX_LENGTH = 80;
export const SpokenPlatformSchema = Type.Unsafe<SpokenPlatform>({
  type: 'string',
  pattern: PATTERN,
  maxLength: MAX_LENGTH,
  description: `one of ${PLATFORMS.join(', ')}, or other: and the code of a unit`,
});

const SPOKEN = new RegExp(PATTERN);
export const isSpokenPlatform = (value: unknown): value is SpokenPlatform =>
  typeof value === 'string' && value.length <= MAX_LENGTH && SPOKEN.test(value);
