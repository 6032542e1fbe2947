/** Which build of the pages a browser gets. */
export type PageBuild = 'modern' | 'legacy' | 'none';

/** First versions that run the modern build (vite.config.ts) and the legacy one (web/legacy/legacyBuild.ts). */
const FIRST: readonly { name: RegExp; modern: number; legacy: number }[] = [
  // 360, Qianxin and other browsers of offices name the Chromium that they are built on.
  { name: /\b(?:Headless)?Chrom(?:e|ium)\/(\d+)/, modern: 100, legacy: 78 },
  { name: /\bFirefox\/(\d+)/, modern: 100, legacy: 78 },
  { name: /\bVersion\/(\d+)[.\d]* (?:Mobile\/\w+ )?Safari\//, modern: 16, legacy: 14 },
];

/** Internet Explorer, and Edge before it became a Chromium (it calls itself Chrome, too). */
const GONE = /\b(?:MSIE |Trident\/|Edge\/)/;

/**
 * The build for a browser, by what it says of itself. What nobody knows gets the modern one: most that hide their name
 * are new, and programs that look at the page do not run it.
 * @param userAgent the header `User-Agent`
 */
export function pageBuildFor(userAgent: string | undefined): PageBuild {
  if (!userAgent) return 'modern';
  if (GONE.test(userAgent)) return 'none';
  for (const { name, modern, legacy } of FIRST) {
    const version = Number(name.exec(userAgent)?.[1] ?? NaN);
    if (Number.isNaN(version)) continue;
    return version >= modern ? 'modern' : version >= legacy ? 'legacy' : 'none';
  }
  return 'modern';
}
