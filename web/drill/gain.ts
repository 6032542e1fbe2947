/** How a figure of what was got back is shown: green where it is something, quiet where it is nothing. Pure. */
export const gain = (value: number): { good: boolean; quiet: boolean } => ({ good: value > 0, quiet: value === 0 });
