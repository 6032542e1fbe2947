import { declareRegionKeys } from '../../platform/redis/keys.ts';

/** The keys that the intake of signals and the engine share. */
export const observationKeys = declareRegionKeys('observations', {
  /** Stream of registrations, observations and activations that the engine has not yet decided; field `c`: an entry (entry.ts). */
  observations: 'observations',
  /** Hash: `offset` (last entry of `observations` that is decided), `accepted`, `counted`, `duplicates`; the engine may keep more in it. */
  meta: 'signals',
});
