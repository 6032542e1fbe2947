/** The two languages of the screens; Chinese first (screens.md, "Look"). */
export const LANGS = ['zh-CN', 'en'] as const;
export type Lang = (typeof LANGS)[number];

/** The language a tag asks for: `en`, `en-GB` → `en`; `zh`, `zh-Hans` → `zh-CN`; otherwise none. */
export function parseLang(tag: string | null | undefined): Lang | undefined {
  const primary = tag?.toLowerCase().split('-')[0];
  if (primary === 'zh') return 'zh-CN';
  return primary === 'en' ? 'en' : undefined;
}
