import { join } from 'node:path';
import type { Feature, Platform } from '../feature.ts';
import type { AccessFeature } from './accessFeature.ts';
import { FIRST_LINK_FILE, removeFirstLink, showFirstLink } from './firstLink.ts';

/** Where nobody has been let in yet, tells how the first admin is made. */
export function firstLinkFeature(
  { config }: Platform,
  { access, url }: { access: AccessFeature; url: () => string },
): Feature {
  let stopWatching = () => {};
  return {
    name: 'first link',
    secretFiles: [join(config.dataDir, FIRST_LINK_FILE)],
    async start() {
      if (!config.roles.has('push')) return;
      const link = await access.firstLink(url());
      const { dataDir } = config;
      if (link === undefined) removeFirstLink(dataDir);
      else stopWatching = showFirstLink(link, { directory: access.services.directory, dataDir, out: process.stdout });
    },
    stop: () => stopWatching(),
  };
}
