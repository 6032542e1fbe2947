import type { RegionAnswer } from '../../contract/rest.ts';
import { localName } from '../i18n/index.ts';
import type { Lang } from '../i18n/lang.ts';
import { placeName } from '../i18n/places.ts';

type Named = Pick<RegionAnswer, 'code' | 'name' | 'title' | 'towns'>;

export interface Title {
  /** The region, and the place within it that is shown: 余杭区, 良渚街道. */
  places: string[];
  /** What the screen is about, without the region's name where it begins with it: 欠薪一体化预警态势. */
  subject: string;
}

/** A region's name, and its parts that a title may begin with: 余杭区 of 杭州市余杭区, Yuhang of Yuhang District. */
function namesIn(name: string): string[] {
  const tails = Array.from({ length: Math.max(0, name.length - 1) }, (_, i) => name.slice(i));
  return [...tails, name.split(' ')[0]!];
}

/**
 * The wall's title (docs/screens.md, True at every moment): whatever is on show, its place is named.
 * @param scope of the frame on show
 * @param home the widest scope that may be shown here: a region, or one town
 */
export function titleOf(pack: Named | undefined, home: string, scope: string, lang: Lang): Title {
  if (!pack) return { places: [], subject: '' };
  const name = localName(pack.name, lang) || pack.code;
  const whole = localName(pack.title, lang);
  const begin = namesIn(name).find((part) => whole.startsWith(part));
  const subject = begin === undefined ? whole : whole.slice(begin.length).trim();
  const places = [begin ?? name];
  if (scope !== '' && scope !== pack.code) places.push(placeName(pack, scope, lang));
  else if (home !== '' && home !== pack.code) places.push(placeName(pack, home, lang));
  return { places, subject };
}
