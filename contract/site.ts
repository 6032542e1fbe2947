import { Type, type Static } from 'typebox';
import { MAX_EMBLEM, SITE_LINES } from './siteLimits.ts';

const line = (most: number, description: string) =>
  // No control characters: it is one line of a screen.
  Type.String({
    minLength: 1,
    maxLength: most,
    pattern: '^[^\\u0000-\\u001f\\u007f\\u2028\\u2029]*\\S[^\\u0000-\\u001f\\u007f\\u2028\\u2029]*$',
    description,
  });

/** An emblem as it is kept: a picture that browsers draw and never run. */
export const EMBLEM_PATTERN = '^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$';

/** What a region adds to its walls; what is absent is not shown (screens.md, "The site's own lines"). */
export const SiteSchema = Type.Object(
  {
    leader: Type.Optional(line(SITE_LINES.leader, 'leader on duty')),
    officer: Type.Optional(line(SITE_LINES.officer, 'officer on duty')),
    phone: Type.Optional(Type.String({ pattern: '^[0-9+() -]{3,24}$', description: 'telephone of the duty desk' })),
    announcement: Type.Optional(line(SITE_LINES.announcement, 'one line for everybody who passes')),
    name: Type.Optional(line(SITE_LINES.name, 'name of the site, beside its emblem')),
    emblem: Type.Optional(Type.String({ maxLength: MAX_EMBLEM, pattern: EMBLEM_PATTERN, description: 'a picture' })),
    watermark: Type.Optional(Type.Boolean({ description: 'the name of the display, faint, over the picture' })),
  },
  { additionalProperties: false, title: 'Site' },
);
export type Site = Static<typeof SiteSchema>;
