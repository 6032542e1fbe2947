/** Pages with forms: at a desk, on a telephone, or on the wall whose screen is being paired; never below legible. */
export function pageSize(width: number, height: number): { rem: number; narrow: boolean } {
  return { rem: Math.floor(Math.max(10, Math.min(width / 144, height / 90)) * 1000) / 1000, narrow: width < 720 };
}
