import { declareRegionKeys } from '../../platform/redis/keys.ts';

/** The keys of a region's rule versions. None is ever removed: not by `rebuild`, and not by a newer version. */
export const ruleKeys = declareRegionKeys('rules', {
  /** Hash version → pack (JSON). */
  packs: 'rules',
  /** List of the changes of versions' states (JSON, contract/rulePack.ts), oldest first. */
  log: 'rules-log',
  /** Hash code → "number kind channel" of each indicator that any version has known. */
  indicators: 'rules-indicators',
});
