/** The part of `subset-font` that is used here; the package has no types of its own. */
declare module 'subset-font' {
  // eslint-disable-next-line no-restricted-exports -- this is how the package exports it
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: { targetFormat: 'woff2' | 'woff' | 'sfnt'; noLayoutClosure?: boolean },
  ): Promise<Buffer>;
}
