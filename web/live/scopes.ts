import { regionOfCode } from '../../common/divisions.ts';

/** What the codes of divisions mean for a screen: which wall they belong on, and how a URL says so. Pure. */

/** The regions of a server, the one it shows without being asked first. */
type Regions = readonly { code: string }[];

/** Whether a screen shows one town and may show nothing around it. */
export const isTownCode = (code: string): boolean => code.length === 9;

/** The region whose wall a scope belongs on; the one shown first where there is none. */
export function regionFor(regions: Regions, scope: string): string {
  return regions.find(({ code }) => code === regionOfCode(scope))?.code ?? regions[0]?.code ?? '';
}

/** The `scope` of a URL that stands for a wall: none for the one that is shown without being asked for. */
export function urlScopeOf(regions: Regions, home: string, code: string): string {
  return code === regions[0]?.code || (isTownCode(code) && code === home) ? '' : code;
}

/** The scope that the `scope` of a URL asks for. */
export function scopeOfUrl(regions: Regions, home: string, urlScope: string): string {
  return urlScope || (isTownCode(home) ? home : (regions[0]?.code ?? ''));
}
