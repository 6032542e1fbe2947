/** Milliseconds of a clock that all processes of this machine share (CLOCK_MONOTONIC). */
export const sharedNow = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;
