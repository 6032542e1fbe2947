interface PageSize {
  rem: number;
  narrow: boolean;
}

const sized = (rem: number, width: number): PageSize => ({
  rem: Math.floor(Math.max(10, rem) * 1000) / 1000,
  narrow: width < 720,
});

/** Pages with tables and forms: at a desk, or on a telephone; never below legible. */
export function pageSize(width: number, height: number): PageSize {
  return sized(Math.min(width / 144, height / 90), width);
}

/** Pages with one form, also on an upright wall whose screen is being paired: there they are read from afar, too. */
export function formSize(width: number, height: number): PageSize {
  return width >= 720 && height > width ? sized(Math.min(width / 72, height / 100), width) : pageSize(width, height);
}
