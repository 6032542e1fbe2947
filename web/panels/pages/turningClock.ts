import { inject, provide, type InjectionKey } from 'vue';

const CLOCK: InjectionKey<() => number> = Symbol('turning clock');

/** Pages turn by this clock, epoch ms, also while the panels show another time than now. Call in `setup` of a screen. */
export const provideTurningClock = (clock: () => number): void => {
  provide(CLOCK, clock);
};

/** The clock by which pages turn: the screen's, or `own` where it has none. Call in `setup`. */
export const useTurningClock = (own: () => number): (() => number) => inject(CLOCK, own);
