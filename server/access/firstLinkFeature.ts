import type { Feature, Platform } from '../feature.ts';
import type { AccessFeature } from './accessFeature.ts';

/** Where nobody has been let in yet, says on standard output how the first admin is made. */
export function firstLinkFeature(
  { config }: Platform,
  { access, url }: { access: AccessFeature; url: () => string },
): Feature {
  return {
    name: 'first link',
    async start() {
      const link = config.roles.has('push') ? await access.firstLink(url()) : undefined;
      if (link)
        process.stdout.write(
          `Nobody needs to sign in, as only this machine reaches it. To close it, and let others in, make the first admin (a link good once, for three days):\n  ${link}\n`,
        );
    },
  };
}
