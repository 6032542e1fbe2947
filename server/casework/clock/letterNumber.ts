/** How the letters of a year are numbered (督〔2026〕7号), whether a leader issues a draft or writes one at the case. */
export function letterNumbering(year: number | string): { field: string; before: string; after: string } {
  return { field: `number:${year}`, before: `督〔${year}〕`, after: '号' };
}
