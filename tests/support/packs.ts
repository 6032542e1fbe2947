import { fileURLToPath } from 'node:url';

/**
 * Region packs for tests, in the shape of `assets/geo`: hand the folder over as `assetsDir`.
 * `370102` uses red, yellow and blue (as Shandong does) and has three made-up towns.
 */
export const TEST_PACKS = fileURLToPath(new URL('./packs', import.meta.url));
export const BLUE_REGION = '370102';
