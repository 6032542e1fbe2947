import { WINDOWS } from '../../contract/codes.ts';
import type { DisplayScreen } from '../../contract/roles.ts';

/** The settings of a display that an admin chooses from; the others stay as they are. Pure. */
export interface SettingField {
  key:
    | 'lang'
    | 'window'
    | 'rotate'
    | 'sound'
    | 'quality'
    | 'theme'
    | 'distance'
    | 'panels'
    | 'rest'
    | 'deck'
    | 'turn'
    | 'follow';
  /** Empty: left to the screen. */
  options: readonly string[];
}

const FLAG = ['', 'on', 'off'] as const;

/**
 * Which settings mean something on which screen (shell/settings/screenState.ts reads them from the address).
 * @param ownDecks ids of the decks that people keep, and of the one that is set
 */
export function settingFields(screen: DisplayScreen, ownDecks: readonly string[] = []): SettingField[] {
  const fields: SettingField[] = [
    { key: 'lang', options: ['', 'zh', 'en'] },
    { key: 'window', options: ['', ...WINDOWS] },
  ];
  if (screen === 'briefing') {
    fields.push(
      { key: 'deck', options: [...new Set(['', 'weekly', 'daily', ...ownDecks])] },
      { key: 'turn', options: ['', '10', '20', '30', '60'] },
      { key: 'follow', options: FLAG },
      { key: 'theme', options: ['', 'night', 'day', 'contrast'] },
    );
    return fields;
  }
  fields.push({ key: 'sound', options: FLAG });
  if (screen === 'wall')
    fields.push(
      { key: 'rotate', options: FLAG },
      { key: 'quality', options: ['', 'high', 'low'] },
      { key: 'theme', options: ['', 'night', 'day', 'contrast'] },
      { key: 'distance', options: ['', 'far', 'near'] },
      { key: 'panels', options: ['', '2x1', '3x1', '4x1', '2x2', '3x3'] },
    );
  if (screen === 'kiosk') fields.push({ key: 'rest', options: ['', '60', '120', '300', '900'] });
  return fields;
}

/** The settings with one changed; an empty choice takes it out. */
export function withSetting(
  settings: Readonly<Record<string, string>>,
  key: string,
  value: string,
): Record<string, string> {
  const next = Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key));
  return value === '' ? next : { ...next, [key]: value };
}
